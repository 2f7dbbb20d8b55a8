"""Australia's Protective Security Policy Framework (release 2024) and its Email Protective Marking Standard (2018.6 on).

In mail the marking is a header field, `X-Protective-Marking: VER=2018.6, NS=gov.au, SEC=PROTECTED, CAVEAT=SH:CABINET,
ORIGIN=a@b.gov.au`, or ends the subject, `[SEC=OFFICIAL:Sensitive, ACCESS=Legal-Privilege]`; where both stand the header
field wins. On paper it is `OFFICIAL: Sensitive//Legal privilege`, `PROTECTED//CABINET`. UNOFFICIAL is no marking. Levels
given up in 2018 are read as the next higher one that is left, or the one the framework named.
"""

import re

from missent.content.markings import us_controls
from missent.content.markings.found import Reading

SCHEME = "au-pspf"
LEVELS = ("OFFICIAL", "OFFICIAL: Sensitive", "PROTECTED", "SECRET", "TOP SECRET")
BARE = {level: level for level in LEVELS if level != LEVELS[1]}

_VALUES = {
    "OFFICIAL": LEVELS[0],
    "OFFICIAL:SENSITIVE": LEVELS[1],
    "PROTECTED": LEVELS[2],
    "SECRET": LEVELS[3],
    "TOPSECRET": LEVELS[4],
    # Email Protective Marking Standard 2012 and before
    "UNCLASSIFIED": LEVELS[0],
    "INCONFIDENCE": LEVELS[1],
    "SENSITIVE": LEVELS[1],
    "FOROFFICIALUSEONLY": LEVELS[1],
    "RESTRICTED": LEVELS[2],
    "CONFIDENTIAL": LEVELS[3],
    "HIGHLYPROTECTED": LEVELS[3],
}
CAVEATS = (
    "CABINET", "NATIONAL CABINET", "NATIONAL-CABINET", "DELICATE SOURCE", "DELICATE-SOURCE", "ORCON", "AUSTEO", "AGAO",
    "ACCOUNTABLE MATERIAL", "ACCOUNTABLE-MATERIAL", "COMINT", "LIMITED DISTRIBUTION",
)  # fmt: skip
ACCESS = {
    "LEGAL PRIVILEGE": "Legal-Privilege",
    "LEGISLATIVE SECRECY": "Legislative-Secrecy",
    "PERSONAL PRIVACY": "Personal-Privacy",
}

_PAIRS = re.compile(r"\b([A-Za-z]{2,8}) ?=((?:[^,\\\]]|\\.)*)")
_BANNER = re.compile(r"(OFFICIAL: ?SENSITIVE|OFFICIAL|PROTECTED|TOP SECRET|SECRET)(?![\w'-])")
_CAVEAT = re.compile(r"REL [A-Z]{3}(?:/[A-Z]{3}){0,20}|EXCLUSIVE[ -]FOR [\w .'-]{1,60}|CODEWORD|SH:[\w-]{1,40}")
_NAME = re.compile(r"[A-Z][A-Z0-9 /.'-]{1,60}")
_SEPARATORS = re.compile(r"//|, ?")


def read_pairs(text: str) -> Reading | None:
    """Read `SEC=…, CAVEAT=…, ACCESS=…` of a header field or of a subject's brackets; None without a SEC of the scheme."""
    pairs = [(key.upper(), value.strip()) for key, value in _PAIRS.findall(text)]
    level = next((_VALUES.get(re.sub("[ -]", "", v.upper())) for k, v in pairs if k == "SEC"), None)
    if level is None:
        return None
    caveats = [_caveat(v) for k, v in pairs if k == "CAVEAT" and v]
    access = [_access(v) for k, v in pairs if k == "ACCESS" and v]
    dlm = any(k == "DLM" for k, _ in pairs) and level == LEVELS[0]
    controls = tuple(c for c in dict.fromkeys((*caveats, *access)) if c in ACCESS.values() or _NAME.fullmatch(c))
    return Reading(SCHEME, LEVELS[1] if dlm else level, controls)


def read(text: str, *, home: bool) -> Reading | None:
    """Read a whole upper-case text of a page: level, then caveats after `//`. A level alone is bare."""
    if text.startswith("SEC="):
        return read_pairs(text)
    match = _BANNER.match(text)
    if match is None:
        return None
    level = LEVELS[1] if "SENSITIVE" in match[1] else match[1]
    tail = text[match.end() :].strip()
    if not tail:
        return Reading(SCHEME, level) if level == LEVELS[1] else Reading("", level, syntax=False)
    if not tail.startswith("//") and not home:
        return None
    parts = [p.strip() for p in _SEPARATORS.split(tail.removeprefix("//")) if p.strip()]
    controls = [_control(part) or (part if home and _codeword(part) else None) for part in parts]
    return None if None in controls or not parts else Reading(SCHEME, level, tuple(dict.fromkeys(c for c in controls if c)))


def _control(part: str) -> str | None:
    if part.replace("-", " ") in ACCESS:
        return ACCESS[part.replace("-", " ")]
    return _caveat(part) if part in CAVEATS or _CAVEAT.fullmatch(part) else None


def _codeword(part: str) -> bool:
    """Whether it may be a codeword or an agency's own caveat, and is no US control."""
    return _NAME.fullmatch(part) is not None and us_controls.known(part) is None


def _caveat(value: str) -> str:
    """A caveat as a page bears it: without the kind (`SH:`, `RI:`, `C:`) that the header field puts before it."""
    kind, colon, name = value.upper().partition(":")
    if kind == "REL" and colon:
        return f"REL {name}"
    name = name if colon else value.upper()
    return name if name.startswith("EXCLUSIVE") else name.replace("-", " ")


def _access(value: str) -> str:
    return ACCESS.get(value.upper().replace("-", " "), value.upper().replace("-", " "))


def canonical(level: str, controls: tuple[str, ...]) -> str:
    """The marking as a page bears it."""
    return "//".join((level, *controls))
