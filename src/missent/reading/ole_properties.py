"""Document properties of OLE files (MS-OLEPS): the summaries, and those a person or a labelling product added."""

from contextlib import suppress
from typing import Any

from missent.reading.gathering import Into

_SUMMARY = "\x05DocumentSummaryInformation"
_TOLD = ["title", "subject", "author", "keywords", "comments", "last_saved_by", "company", "manager", "category", "template"]


def read(ole: Any, into: Into) -> None:
    """Hand over what is text. A broken set of properties is no reason not to read the document."""
    with suppress(Exception):  # olefile raises what it meets; the document itself is read by others
        metadata = ole.get_metadata()
        for name in _TOLD:
            if value := getattr(metadata, name, None):
                into.property(name.replace("_", "-"), _text(value))
    with suppress(Exception):
        if ole.exists(_SUMMARY):
            for row in ole.get_userdefined_properties(_SUMMARY):
                into.property(_text(row["property_name"]), _text(row["value"]))


def _text(value: object) -> str:
    said = value.decode("cp1252", "replace") if isinstance(value, bytes) else str(value)
    return said.strip("\0")
