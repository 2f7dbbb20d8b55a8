"""OLE compound files: Office documents before 2007, .msg, encrypted Office documents, embedded objects."""

import struct
from io import BytesIO
from typing import Any

from missent.reading import cells, old_excel, old_powerpoint, old_word, ole_properties, outlook_message
from missent.reading.gathering import File, Into
from missent.reading.unreadable import Unreadable

_ENCRYPTED = ("encryptedpackage", "\x06dataspaces/dataspacemap", "\x09drmcontent")
_OBJECTS = ("\x01ole10native", "package", "contents")


def read(file: File, into: Into) -> str | None:
    """Whatever it is. Raises Unreadable."""
    import olefile

    try:
        ole = olefile.OleFileIO(BytesIO(file.data))
    except (OSError, ValueError, IndexError, struct.error):
        raise Unreadable("damaged") from None
    with ole:
        names = {"/".join(path).lower(): path for path in ole.listdir()}
        if any(name in names for name in _ENCRYPTED):
            raise Unreadable("encrypted-document")
        ole_properties.read(ole, into)
        kind = _document(ole, names, file, into)
        objects = _embedded(ole, names, into)
    if not kind and not objects:
        raise Unreadable("not-a-known-type")
    return kind


def _document(ole: Any, names: dict[str, list[str]], file: File, into: Into) -> str | None:
    if "__properties_version1.0" in names:
        outlook_message.read(ole, into)
        return "application/vnd.ms-outlook"
    if "worddocument" in names:
        old_word.read(ole, into)
        return "application/msword"
    if "powerpoint document" in names:
        old_powerpoint.read(ole, into)
        return "application/vnd.ms-powerpoint"
    if "workbook" in names or "book" in names:
        cells.read(file.data, into, states=True)
        old_excel.tell(ole, "Workbook" if "workbook" in names else "Book", into)
        return "application/vnd.ms-excel"
    return None


def _embedded(ole: Any, names: dict[str, list[str]], into: Into) -> int:
    """Files embedded as objects; how many there were."""
    found = 0
    for name, path in names.items():
        last = name.rpartition("/")[2]
        if last not in _OBJECTS or name.startswith("__"):
            continue
        data = ole.openstream(path).read()
        label, octets = _native(data) if last == _OBJECTS[0] else ("", data)
        if octets:
            found += 1
            into.inside(label, octets)
    return found


def _native(data: bytes) -> tuple[str, bytes]:
    """Name and octets of a packaged file (MS-OLEDS 2.3.6, and what packagers write into it)."""
    at = 6
    strings = []
    for _ in range(2):
        end = data.find(b"\0", at)
        if end < 0 or end - at > 1000:
            return "", data[4:]
        strings.append(data[at:end])
        at = end + 1
    at += 4
    if at + 4 > len(data):
        return "", data[4:]
    at += 4 + int.from_bytes(data[at : at + 4], "little")
    size = int.from_bytes(data[at : at + 4], "little")
    inner = data[at + 4 : at + 4 + size]
    return strings[0].decode("cp1252", "replace"), inner or data[4:]


def preload() -> None:
    """What is needed once a file is read."""
    import compressed_rtf
    import olefile

    cells.preload()
    del compressed_rtf, olefile
