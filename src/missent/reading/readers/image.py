"""Pictures. A picture large enough to hold a document is unread unless its text is asked for; a small one holds none."""

import struct

from missent.reading.gathering import File, Into
from missent.reading.unreadable import Unreadable

_LEAST_AREA, _LEAST_SIDE = 200 * 60, 16
_FRAMES = frozenset((0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF))


def read(file: File, into: Into) -> None:
    """Its text by OCR where asked. Raises Unreadable `image`; nothing for icons, rules and tracking dots."""
    if not holds_text(file.data):
        return
    if not into.ocr:
        raise Unreadable("image")
    from missent.reading import ocr

    into.text(ocr.text(file.data))


def holds_text(data: bytes) -> bool:
    """Whether a picture is large enough for a line of text; one whose size is not known is."""
    width, height = size(data)
    return not (width and height) or (width * height >= _LEAST_AREA and min(width, height) >= _LEAST_SIDE)


def size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels as the picture's own header says, (0, 0) if it is not known."""
    try:
        if data.startswith(b"\x89PNG"):
            return struct.unpack_from(">II", data, 16)
        if data.startswith(b"GIF8"):
            return struct.unpack_from("<HH", data, 6)
        if data.startswith(b"BM"):
            width, height = struct.unpack_from("<ii", data, 18)
            return abs(width), abs(height)
        if data.startswith(b"\xff\xd8"):
            return _jpeg(data)
    except struct.error:
        pass
    return 0, 0


def _jpeg(data: bytes) -> tuple[int, int]:
    """The first frame's header among at most a few hundred segments (ITU-T T.81 B.2.2)."""
    at = 2
    for _ in range(300):
        mark, length = data[at + 1], struct.unpack_from(">H", data, at + 2)[0]
        if mark in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        at += 2 + length
        if at + 9 > len(data) or data[at] != 0xFF:
            break
    return 0, 0


def preload() -> None:
    """What is needed once a file is read."""
    from missent.reading import ocr

    ocr.program()
