"""What firms, their lawyers and their partners write: no standard, so a table of the phrases in use.

`CONFIDENTIAL` alone is read here unless something says a government wrote it. A disclaimer is a sentence, not a marking:
only a phrase that stands alone counts. Privilege is a control: it says who may not be told, whatever the level.
"""

import re

from missent.content.markings.found import Reading

SCHEME = "commercial"
LEVELS = ("INTERNAL", "CONFIDENTIAL", "STRICTLY CONFIDENTIAL")
BARE = {"CONFIDENTIAL": "CONFIDENTIAL"}

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
    "PRIVILEGED": (_CONFIDENTIAL, (_PRIVILEGED,)),
    "PRIVILEGED AND CONFIDENTIAL": (_CONFIDENTIAL, (_PRIVILEGED,)),
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
    "HIGHLY CONFIDENTIAL": (_STRICT, ()),
    "STRICTLY CONFIDENTIAL": (_STRICT, ()),
    "STRICTLY PRIVATE AND CONFIDENTIAL": (_STRICT, ("PRIVATE",)),
    "MOST CONFIDENTIAL": (_STRICT, ()),
    "RESTRICTED": (_STRICT, ("RESTRICTED",)),
}
_CANONICAL = {reading: phrase for phrase, reading in reversed(PHRASES.items())}
_ONE_WAY = re.compile(r"[-/ ]+")
_JOINED = re.compile(r" ?(?://|[;,|:]| - ) ?")


def read(text: str) -> Reading | None:
    """Read a whole upper-case text of one or several phrases; None if any of it is none. CONFIDENTIAL alone is bare."""
    if text == "CONFIDENTIAL":
        return Reading("", text, syntax=False)
    level = ""
    controls: list[str] = []
    for part in _JOINED.split(text.replace("&", " AND ")):
        phrase = _ONE_WAY.sub(" ", part).strip()
        known = PHRASES.get(phrase)
        if known is None or phrase == "RESTRICTED":
            return None
        level = max(level or known[0], known[0], key=LEVELS.index)
        controls += known[1]
    return Reading(SCHEME, level, tuple(dict.fromkeys(controls)))


def canonical(level: str, controls: tuple[str, ...]) -> str:
    """The commonest phrase for it, or the level's and each control's phrase."""
    if (level, controls) in _CANONICAL:
        return _CANONICAL[level, controls]
    single = [_CANONICAL.get((_CONFIDENTIAL, (c,)), _CANONICAL.get((_STRICT, (c,)), c)) for c in controls]
    return " - ".join((level, *single))
