"""What firms, their lawyers and their partners write: no standard, so a table of the phrases in use.

`CONFIDENTIAL` alone is read here unless something says a government wrote it. A disclaimer is a sentence, not a marking:
only a phrase that stands alone counts. Privilege is a control: it says who may not be told, whatever the level.
"""

import re

from missent.content.markings.found import Reading
from missent.content.markings.writing import Cursor, either

SCHEME = "commercial"
LEVELS = ("INTERNAL", "CONFIDENTIAL", "STRICTLY CONFIDENTIAL")
BARE = {"CONFIDENTIAL": "CONFIDENTIAL", "RESTRICTED": "STRICTLY CONFIDENTIAL"}

_INTERNAL, _CONFIDENTIAL, _STRICT = LEVELS
_PRIVILEGED = "PRIVILEGED"
PHRASES: dict[str, tuple[str, tuple[str, ...]]] = {
    "INTERNAL USE ONLY": (_INTERNAL, ()),
    "FOR INTERNAL USE ONLY": (_INTERNAL, ()),
    "COMPANY INTERNAL": (_INTERNAL, ()),
    "INTERNAL ONLY": (_INTERNAL, ()),
    "COMMERCIAL IN CONFIDENCE": (_CONFIDENTIAL, ("COMMERCIAL",)),
    "COMMERCIALLY SENSITIVE": (_CONFIDENTIAL, ("COMMERCIAL",)),
    "COMMERCIALLY CONFIDENTIAL": (_CONFIDENTIAL, ("COMMERCIAL",)),
    "BUSINESS CONFIDENTIAL": (_CONFIDENTIAL, ("COMMERCIAL",)),
    "CONFIDENTIAL": (_CONFIDENTIAL, ()),
    "IN CONFIDENCE": (_CONFIDENTIAL, ()),
    "COMPANY CONFIDENTIAL": (_CONFIDENTIAL, ("COMPANY",)),
    "STAFF IN CONFIDENCE": (_CONFIDENTIAL, ("STAFF",)),
    "MEDICAL IN CONFIDENCE": (_CONFIDENTIAL, ("MEDICAL",)),
    "PERSONAL AND CONFIDENTIAL": (_CONFIDENTIAL, ("PERSONAL",)),
    "PERSONAL IN CONFIDENCE": (_CONFIDENTIAL, ("PERSONAL",)),
    "PRIVATE AND CONFIDENTIAL": (_CONFIDENTIAL, ("PRIVATE",)),
    "PROPRIETARY": (_CONFIDENTIAL, ("PROPRIETARY",)),
    "CONFIDENTIAL AND PROPRIETARY": (_CONFIDENTIAL, ("PROPRIETARY",)),
    "PROPRIETARY AND CONFIDENTIAL": (_CONFIDENTIAL, ("PROPRIETARY",)),
    "COMPANY PROPRIETARY": (_CONFIDENTIAL, ("PROPRIETARY",)),
    "PROPRIETARY INFORMATION": (_CONFIDENTIAL, ("PROPRIETARY",)),
    "PRIVILEGED AND CONFIDENTIAL": (_CONFIDENTIAL, (_PRIVILEGED,)),
    "PRIVILEGED": (_CONFIDENTIAL, (_PRIVILEGED,)),
    "CONFIDENTIAL AND PRIVILEGED": (_CONFIDENTIAL, (_PRIVILEGED,)),
    "LEGALLY PRIVILEGED": (_CONFIDENTIAL, (_PRIVILEGED,)),
    "LEGAL PRIVILEGE": (_CONFIDENTIAL, (_PRIVILEGED,)),
    "LEGAL PROFESSIONAL PRIVILEGE": (_CONFIDENTIAL, (_PRIVILEGED,)),
    "SUBJECT TO LEGAL PROFESSIONAL PRIVILEGE": (_CONFIDENTIAL, (_PRIVILEGED,)),
    "LEGALLY PRIVILEGED AND CONFIDENTIAL": (_CONFIDENTIAL, (_PRIVILEGED,)),
    "ATTORNEY CLIENT PRIVILEGED": (_CONFIDENTIAL, (_PRIVILEGED,)),
    "ATTORNEY CLIENT PRIVILEGE": (_CONFIDENTIAL, (_PRIVILEGED,)),
    "ATTORNEY CLIENT COMMUNICATION": (_CONFIDENTIAL, (_PRIVILEGED,)),
    "ATTORNEY CLIENT PRIVILEGED COMMUNICATION": (_CONFIDENTIAL, (_PRIVILEGED,)),
    "ATTORNEY WORK PRODUCT": (_CONFIDENTIAL, (_PRIVILEGED,)),
    "STRICTLY CONFIDENTIAL": (_STRICT, ()),
    "HIGHLY CONFIDENTIAL": (_STRICT, ()),
    "STRICTLY PRIVATE AND CONFIDENTIAL": (_STRICT, ("PRIVATE",)),
    "MOST CONFIDENTIAL": (_STRICT, ()),
}
_ONE_WAY = re.compile(r"[ ]*/[ ]*(?!/)|(?<=\w)-(?=\w)| +")
HANDLING = ("NOT FOR DISTRIBUTION", "DO NOT DISTRIBUTE", "DO NOT FORWARD", "DO NOT COPY", "ADDRESSEE ONLY", "DRAFT")
"""Instructions that stand with a phrase, kept as controls; alone they mark nothing."""

_CANONICAL = {reading: phrase for phrase, reading in reversed(PHRASES.items())}
_PHRASE = re.compile(rf"{either((*PHRASES, *HANDLING))}(?![\w'-])")
_JOINED = re.compile(r"//|[-/;,|:]|AND\b")
_FIRM = re.compile(r"((?:[A-Z][\w&.'-]* ){1,3})(CONFIDENTIAL|PROPRIETARY)")
_NO_FIRM = frozenset(
    ("NOT", "IS", "ARE", "THE", "THIS", "STAY", "KEEP", "KEPT", "IT", "BE", "AND", "REMAIN", "REMAINS", "TREAT", "AS", "NO")
)


def read(text: str, *, loud: bool = True) -> Reading | None:
    """Read a whole upper-case text of one or several phrases; None if any of it is none. CONFIDENTIAL alone is bare.

    `loud`: it was written in capitals, as a firm's name before the word must be.
    """
    if text == "CONFIDENTIAL":
        return Reading("", text, syntax=False)
    cursor = Cursor(_ONE_WAY.sub(" ", text.replace("&", " AND ")))
    level = ""
    controls: list[str] = []
    while not cursor.done:
        phrase = cursor.take(_PHRASE)
        if phrase is None:
            return _firm(text) if loud else None
        known = PHRASES.get(phrase.replace("-", " "))
        if known:
            level = max(level or known[0], known[0], key=LEVELS.index)
        controls += known[1] if known else [phrase]
        cursor.take(_JOINED)
    return Reading(SCHEME, level, tuple(dict.fromkeys(controls))) if level else None


def _firm(text: str) -> Reading | None:
    """`ACME CONFIDENTIAL`: a name of up to three words, and the word."""
    match = _FIRM.fullmatch(text)
    if match is None or not _NO_FIRM.isdisjoint(match[1].split()):
        return None
    return Reading(SCHEME, _CONFIDENTIAL, ("COMPANY",) if match[2] == "CONFIDENTIAL" else ("PROPRIETARY",))


def canonical(level: str, controls: tuple[str, ...]) -> str:
    """The commonest phrase for it, or the level's and each control's phrase."""
    if (level, controls) in _CANONICAL:
        return _CANONICAL[level, controls]
    single = [_CANONICAL.get((_CONFIDENTIAL, (c,)), _CANONICAL.get((_STRICT, (c,)), c)) for c in controls]
    return " - ".join((level, *single))
