"""US national security markings: Executive Order 13526, 32 CFR 2001.20-26, the ISOO marking booklet and the CAPCO manual.

A banner is `LEVEL//SCI//SAP//AEA//FGI//DISSEMINATION//OTHER`, categories parted by `//`, entries of one by `/`; a portion
mark is the same in its short form before a paragraph: `(S//SI/TK//REL TO USA, FVEY)`. A foreign text begins with `//`. A
level word and `//` is US syntax whatever follows, so an unknown programme is kept as a control rather than losing the
level. FOUO, SBU and LES are controls on UNCLASSIFIED. A level alone is a bare word.
"""

import re

from missent.content.markings import us_controls
from missent.content.markings.found import Reading

SCHEME = "us-eo13526"
LEVELS = ("UNCLASSIFIED", "CONFIDENTIAL", "SECRET", "TOP SECRET")
BARE = {level: level for level in LEVELS}
SHORT = {"U": "UNCLASSIFIED", "C": "CONFIDENTIAL", "S": "SECRET", "TS": "TOP SECRET"}

_WORDS = {**BARE, "UNCLAS": "UNCLASSIFIED", "TOPSECRET": "TOP SECRET", "TOP-SECRET": "TOP SECRET"}
_NATION = re.compile(r"(?:USA?|U\.S\.) (?=TOP SECRET|SECRET|CONFIDENTIAL|UNCLASSIFIED)")
_LEVEL = re.compile(r"(TOP[ -]?SECRET|SECRET|CONFIDENTIAL|UNCLASSIFIED|UNCLAS)\b")
_SHORT = re.compile(r"(?:TS|S|C|U)//(?=[A-Z])")
_ONE_SLASH = re.compile(r" ?(?:[/,-]| ) ?")
_TELEGRAM = re.compile(r" (?:SECTION \d+ OF \d+ )?[A-Z]+(?: [A-Z]+){0,3} \d{4,6}\b|  ?SECTION \d+ OF \d+\b")
_RELEASE = re.compile(r" U\.?S\.? DEPARTMENT OF [A-Z ,]{3,60}? CASE N")
_FOREIGN = re.compile(
    r"//(?:JOINT )?((?:[A-Z]{3,4} )*)(TOP SECRET|SECRET|CONFIDENTIAL|RESTRICTED|TS|S|C|R)((?: [A-Z]{3,4})*)(?=//|$)"
)
_ALONE = {
    "FOR OFFICIAL USE ONLY": ("FOUO",),
    "FOUO": ("FOUO",),
    "OFFICIAL USE ONLY": ("OUO",),
    "SENSITIVE BUT UNCLASSIFIED": ("SBU",),
    "SBU": ("SBU",),
    "SBU NOFORN": ("SBU NOFORN",),
    "SBU-NF": ("SBU NOFORN",),
    "LAW ENFORCEMENT SENSITIVE": ("LES",),
    "SENSITIVE SECURITY INFORMATION": ("SSI",),
}


def read(text: str, *, loud: bool = True) -> Reading | None:
    """Read a whole upper-case banner, header or tag; None if it is none of this scheme's.

    `loud`: it was written in capitals, without which a programme that no table knows is taken for prose.
    """
    if text.startswith("//"):
        return _foreign(text) if loud else None
    if loud and _SHORT.match(text):
        return read_portion(text)
    if text in _ALONE:
        return Reading(SCHEME, "UNCLASSIFIED", _ALONE[text])
    nation = _NATION.match(text)
    match = _LEVEL.match(text, nation.end() if nation else 0)
    reading = _after(match[1], text[match.end() :], loud=loud) if match else None
    return Reading(SCHEME, reading.level) if nation and reading and not reading.scheme else reading


def _after(word: str, tail: str, *, loud: bool) -> Reading | None:
    """Read what follows a level word: nothing, `//` and controls, a telegram's or a release's heading, or one known control."""
    level = _WORDS[word]
    if not tail:
        return Reading("", level, syntax=word == "UNCLAS")
    if tail.lstrip().startswith("//"):
        return _with(level, tail.lstrip()[2:].split("//"), loud=loud)
    if _RELEASE.match(tail) or _TELEGRAM.fullmatch(tail):
        return Reading(SCHEME, level)
    controls = us_controls.known(_ONE_SLASH.sub("", tail, count=1))
    return Reading(SCHEME, level, controls) if controls else None


def read_portion(text: str) -> Reading | None:
    """Read what stands inside the brackets before a paragraph: `U`, `S//NF`, `TS//SI//OC/NF`; letters alone are bare."""
    first, *rest = text.split("//")
    first = first.strip()
    if first in SHORT and not rest:
        return Reading("", SHORT[first], syntax=False)
    if first in SHORT:
        return _with(SHORT[first], rest)
    if first in ("U/FOUO", "U-FOUO", "U FOUO"):
        return Reading(SCHEME, "UNCLASSIFIED", ("FOUO",))
    short, slash, one = text.partition("/")
    controls = us_controls.known(one) if slash and short in SHORT else None
    return Reading(SCHEME, SHORT[short], controls) if controls else read(text)


def _with(level: str, parts: list[str], *, loud: bool = True) -> Reading | None:
    controls = us_controls.read(parts, loud=loud)
    return None if controls is None else Reading(SCHEME, level, us_controls.in_order(controls))


def _foreign(text: str) -> Reading | None:
    """`//GBR SECRET//…` and `//JOINT SECRET USA GBR//…`: foreign or joint information in a US text."""
    match = _FOREIGN.match(text)
    if match is None or not (match[1] or match[3]):
        return None
    level = {"RESTRICTED": "CONFIDENTIAL", "R": "CONFIDENTIAL", **SHORT}.get(match[2], match[2])
    owners = " ".join((match[1] + match[3]).split())
    kind = "JOINT" if text.startswith("//JOINT ") else "FGI"
    rest = us_controls.read(text[match.end() :].removeprefix("//").split("//") if match.end() < len(text) else [])
    return None if rest is None else Reading(SCHEME, level, us_controls.in_order((f"{kind} {owners}", *rest)))


def canonical(level: str, controls: tuple[str, ...]) -> str:
    """The banner line: level, then each category after `//`."""
    return "//".join((level, *us_controls.grouped(controls)))
