"""UK Government Security Classifications Policy (Cabinet Office, June 2023; in force since April 2014).

A marking is [prefix] tier [handling instructions] [descriptors] [codewords] [national caveats], in capitals, at the top
and bottom of a page, in a subject or in a header: `OFFICIAL-SENSITIVE - RECIPIENTS ONLY - COMMERCIAL`, `UK SECRET - UK
EYES ONLY`, `TOP SECRET - STRAP 2 - UK/US EYES ONLY`. OFFICIAL-SENSITIVE is no tier: it lies within OFFICIAL and ranks
above it. A tier alone (`OFFICIAL`, `SECRET`) is a bare word, since others use the same words.
"""

import re

from missent.content.markings.found import Reading
from missent.content.markings.writing import Cursor, either

SCHEME = "uk-gscp"
LEVELS = ("OFFICIAL", "OFFICIAL-SENSITIVE", "SECRET", "TOP SECRET")
BARE = {"OFFICIAL": "OFFICIAL", "SECRET": "SECRET", "TOP SECRET": "TOP SECRET"}

HANDLING = (
    "RECIPIENTS ONLY",
    "ORGANISATIONAL USE ONLY",
    "ORGANISATION USE ONLY",
    "HMG USE ONLY",
    "INTERNAL USE ONLY",
    "NAMED RECIPIENTS ONLY",
    "ADDRESSEE ONLY",
    "ADDRESSEES ONLY",
    "FOR PUBLIC RELEASE",
    "EMBARGOED",
    "NOT FOR ONWARD DISTRIBUTION",
    "DO NOT FORWARD",
    "LIMDIS",
)
DESCRIPTORS = (
    "COMMERCIAL",
    "COMMERCIAL INTERESTS",
    "MARKET SENSITIVE",
    "PERSONAL",
    "PERSONAL DATA",
    "STAFF",
    "HR",
    "HR MANAGEMENT",
    "MEDICAL",
    "LEGAL",
    "LEGAL PROFESSIONAL PRIVILEGE",
    "LPP",
    "INVESTIGATION",
    "INVESTIGATIONS",
    "POLICY",
    "POLICY DEVELOPMENT",
    "OPERATIONS",
    "CUSTODIAL",
    "HONOURS",
    "APPOINTMENTS",
    "BUDGET",
    "LOCSEN",
    "DIPLOMATIC",
)
CODEWORDS = (
    "STRAP 1",
    "STRAP 2",
    "STRAP 3",
    "STRAP1",
    "STRAP2",
    "STRAP3",
    "STRAP",
    "ATOMIC",
    "CRYPTO",
    "COMINT",
    "PERSONAL FOR",
)

_PREFIX = re.compile(r"(?:UK|HMG)\b ?-? ?(?=\w)")
_TIER = re.compile(r"(?:TOP[ -]SECRET|SECRET|OFFICIAL(?P<s> ?[-:/]{0,2} ?\(?SENSITIVE\)?)?)(?![\w'])")
_SEPARATOR = re.compile(r"//|[-:,/|;]|(?=[\[(])")
_BRACKET = re.compile(r"[\[(]|[\])]")
_NATION = r"(?:[A-Z]{2,4})"
_EYES = re.compile(rf"(?:FIVE|{_NATION}(?: ?(?:[/&,]|AND) ?{_NATION}){{0,12}}) EYES (?:ONLY|DISCRETION|ALPHA|BRAVO)\b|UKEO\b")
_KNOWN = re.compile(rf"{either((*HANDLING, *DESCRIPTORS, *CODEWORDS))}(?![\w'])")
_FREE = re.compile(r"(?!OFFICIAL\b|SECRET\b|TOP SECRET\b)(?:(?:[A-Z][\w&.']* ){0,5}[A-Z][\w&.']* ONLY\b|[A-Z]{4,}\b(?! [A-Z]))")


def read(text: str, *, home: bool, loud: bool) -> Reading | None:
    """Read a whole upper-case text, or None.

    `home`: this scheme is the sender's own, so `OFFICIAL: SENSITIVE` is its slip. `loud`: it was written in capitals.
    """
    cursor = Cursor(text)
    prefix = cursor.take(_PREFIX)
    tier = cursor.take(_TIER)
    if tier is None or (not home and re.search(r"[:/(]", tier)):
        return None
    level = "OFFICIAL-SENSITIVE" if "SENSITIVE" in tier else tier.replace("-", " ")
    controls = _controls(cursor, sure=loud and (bool(prefix) or level == "OFFICIAL-SENSITIVE"))
    if controls is None:
        return None
    if not controls and not prefix and level != "OFFICIAL-SENSITIVE":
        return Reading("", level, syntax=False)
    return Reading(SCHEME, level, controls)


def _controls(cursor: Cursor, *, sure: bool) -> tuple[str, ...] | None:
    """Handling, descriptors and caveats up to the end; None if something else stands there.

    An organisation's own instruction (`BOARD ONLY`) or codeword is taken only when the tier is surely one (`sure`).
    """
    controls: list[str] = []
    while not cursor.done:
        separated = cursor.take(_SEPARATOR) is not None
        cursor.take(_BRACKET)
        control = cursor.take(_EYES) or cursor.take(_KNOWN) or (cursor.take(_FREE) if sure and separated else None)
        if control is None:
            return None
        cursor.take(_BRACKET)
        control = _canonical(control)
        if control not in controls:
            controls.append(control)
    return tuple(controls)


def _canonical(control: str) -> str:
    if control.startswith("STRAP") and control[5:].strip(" -"):
        return f"STRAP {control[5:].strip(' -')}"
    if control == "UKEO":
        return "UK EYES ONLY"
    if " EYES " in control:
        nations, _, rest = control.partition(" EYES ")
        return f"{'/'.join(re.findall('[A-Z]+', nations.replace(' AND ', ' ')))} EYES {rest}"
    return control.replace("-", " ")


def canonical(level: str, controls: tuple[str, ...]) -> str:
    """The marking written out. `UK` goes before a tier that stands alone with controls of its own only by its author's wish."""
    return " - ".join((level, *controls))
