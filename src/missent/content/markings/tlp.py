"""Traffic Light Protocol 2.0 (FIRST, August 2022): who may be told, in incident response. `TLP:` and a colour, no blank.

TLP:WHITE of version 1 is TLP:CLEAR. It stands in the subject and in header and footer of each page.
"""

import re

from missent.content.markings.found import Reading

SCHEME = "tlp"
LEVELS = ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED")
BARE: dict[str, str] = {}

_LABEL = re.compile(r"TLP ?: ?(RED|AMBER ?\+ ?STRICT|AMBER|GREEN|CLEAR|WHITE)\b")


def read(text: str) -> Reading | None:
    """Read a whole upper-case text; None if it is none of this scheme's."""
    match = _LABEL.fullmatch(text)
    return _reading(match[1]) if match else None


def anywhere(text: str) -> Reading | None:
    """The first label within a subject: nobody writes `TLP:RED` there for another end."""
    match = _LABEL.search(text.upper())
    return _reading(match[1]) if match else None


def _reading(colour: str) -> Reading:
    return Reading(SCHEME, "TLP:" + colour.replace(" ", "").replace("WHITE", "CLEAR"))


def canonical(level: str, controls: tuple[str, ...]) -> str:
    """The label; the protocol has no controls."""
    return " ".join((level, *controls))
