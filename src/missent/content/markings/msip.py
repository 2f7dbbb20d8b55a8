"""Microsoft sensitivity labels (Purview Information Protection): as a header of mail and as properties of documents.

`msip_labels: MSIP_Label_<guid>_Enabled=true; MSIP_Label_<guid>_Name=Confidential; …_SiteId=…`; the same names are custom
properties of Office files and PDF. Newer Office files hold `docMetadata/LabelInfo.xml` with ids only. A label's name is
each organisation's own, so two names compare only by being equal; a name that a published scheme knows is read in that
scheme too.
"""

import re
from collections import defaultdict

from missent.content.markings.found import Reading

SCHEME = "msip"
LEVELS: tuple[str, ...] = ()
BARE: dict[str, str] = {}

_MOST = 200
_PAIR = re.compile(r"MSIP_Label_([0-9A-Fa-f-]{32,38})_([A-Za-z]{2,16}) ?=([^;]*)")
_PROPERTY = re.compile(r"msip_label_([0-9a-f-]{32,38})_(\w{2,16})")
_INFO = re.compile(r"<(?:\w{1,20}:)?label\s[^<>]{0,2000}>")
_ATTRIBUTE = re.compile(r"(\w{2,16}) ?= ?\"([^\"]{0,200})\"")
_ON = ("true", "1", "")


def read_header(value: str) -> tuple[Reading, ...]:
    """Labels of an `msip_labels` value that are switched on; the id where no name is told."""
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for number, match in enumerate(_PAIR.finditer(value)):
        if number >= _MOST:
            break
        labels[match[1].lower()].setdefault(match[2].lower(), match[3].strip())
    return tuple(_reading(label, said) for label, said in labels.items() if said.get("enabled", "").lower() in _ON)


def read_property(name: str, value: str) -> tuple[Reading, ...]:
    """The label a document's property names; other properties of the label say nothing of its level."""
    match = _PROPERTY.fullmatch(name)
    return (Reading(SCHEME, value.strip()),) if match and match[2] == "name" and value.strip() else ()


def read_label_info(xml: str) -> tuple[Reading, ...]:
    """Labels of `LabelInfo.xml` that are enabled and not removed: ids, since names stay at the label's owner."""
    found = []
    for element in _INFO.findall(xml[:1_000_000]):
        said = {key.lower(): value.strip("{} ") for key, value in _ATTRIBUTE.findall(element)}
        if "id" in said and said.get("enabled", "1") in _ON and said.get("removed", "0") in ("0", "false"):
            found.append(Reading(SCHEME, said["id"].lower()))
    return tuple(found)


def _reading(label: str, said: dict[str, str]) -> Reading:
    return Reading(SCHEME, said.get("name") or label)


def canonical(level: str, controls: tuple[str, ...]) -> str:
    """The label's name; labels have no controls."""
    return " ".join((level, *controls))
