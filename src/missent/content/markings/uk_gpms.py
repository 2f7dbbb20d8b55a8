"""UK Government Protective Marking Scheme (Cabinet Office, Security Policy Framework; used until April 2014).

Old papers are forwarded for decades. Its levels below SECRET live on here; SECRET and TOP SECRET are read as `uk-gscp`,
which kept them. `RESTRICTED - COMMERCIAL`, `UK CONFIDENTIAL`, `PROTECT - PERSONAL`: level, then a descriptor.
"""

import re

from missent.content.markings.found import Reading
from missent.content.markings.writing import Cursor, either

SCHEME = "uk-gpms"
LEVELS = ("PROTECT", "RESTRICTED", "CONFIDENTIAL")
BARE = {"PROTECT": "PROTECT", "RESTRICTED": "RESTRICTED", "CONFIDENTIAL": "CONFIDENTIAL"}

DESCRIPTORS = (
    "APPOINTMENTS",
    "BUDGET",
    "COMMERCIAL",
    "CONTRACTS",
    "HONOURS",
    "INVESTIGATION",
    "INVESTIGATIONS",
    "LOCSEN",
    "MANAGEMENT",
    "MEDICAL",
    "PERSONAL",
    "PERSONAL DATA",
    "POLICY",
    "PRIVATE",
    "REGULATORY",
    "STAFF",
    "VISITS",
)

_PREFIX = re.compile(r"UK\b ?-? ?(?=\w)")
_LEVEL = re.compile(r"(?:PROTECT|RESTRICTED|CONFIDENTIAL)(?![\w'])")
_SEPARATOR = re.compile(r"//|[-:,/|(]")
_CLOSING = re.compile(r"\)")
_CONTROL = re.compile(rf"(?:{either(DESCRIPTORS)}|UK EYES (?:ONLY|ALPHA|BRAVO|DISCRETION))(?![\w'])")


def read(text: str, *, home: bool) -> Reading | None:
    """Read a whole upper-case text, or None. Away from `home`, CONFIDENTIAL with a descriptor is anybody's."""
    cursor = Cursor(text)
    prefix = cursor.take(_PREFIX)
    level = cursor.take(_LEVEL)
    if level is None:
        return None
    controls: list[str] = []
    while not cursor.done:
        cursor.take(_SEPARATOR)
        control = cursor.take(_CONTROL)
        if control is None:
            return None
        cursor.take(_CLOSING)
        if control not in controls:
            controls.append(control)
    if prefix or (controls and (home or level != "CONFIDENTIAL" or any("EYES" in c for c in controls))):
        return Reading(SCHEME, level, tuple(controls))
    return None if controls else Reading("", level, syntax=False)


def canonical(level: str, controls: tuple[str, ...]) -> str:
    """The marking written out, with its nation, since others use the same words."""
    return " - ".join((f"UK {level}", *controls))
