"""Rich Text Format, and the files embedded in it."""

import re

from missent.reading.gathering import File, Into

_OBJECT = re.compile(rb"\\objdata[^\\{}]{0,20}?[\s]*([0-9A-Fa-f\s]{200,})")
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_HIDDEN = re.compile(r"\\v(?![a-z0-9])[^{}\\]{1,2000}")
_DELETED = re.compile(r"\\deleted(?![a-z0])")


def read(file: File, into: Into) -> None:
    """Its text; hidden and deleted text is counted."""
    from striprtf.striprtf import rtf_to_text

    written = file.data.decode("latin-1")
    text: str = rtf_to_text(written, errors="replace")  # type: ignore[no-untyped-call]
    into.text(text)
    into.hidden("hidden-text", 0, len(_HIDDEN.findall(written)))
    into.hidden("tracked-changes", 0, len(_DELETED.findall(written)))
    for match in _OBJECT.finditer(file.data):
        data = bytes.fromhex(_even(b"".join(match[1].split())).decode("ascii"))
        start = data.find(_OLE)
        if start >= 0:
            into.inside("", data[start:])


def _even(digits: bytes) -> bytes:
    return digits[: len(digits) & ~1]


def preload() -> None:
    """What is needed once a file is read."""
    import striprtf.striprtf

    del striprtf
