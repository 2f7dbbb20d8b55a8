"""Text of PowerPoint presentations before 2007 (MS-PPT): the text records, wherever they lie in the tree."""

import struct
from typing import Any

from missent.reading.gathering import Into
from missent.reading.unreadable import Unreadable

_WIDE, _NARROW, _NAME = 4000, 4008, 4026
_SLIDE, _NOTES, _COMMENT = 1006, 1008, 12000
_CONTAINER = 0x0F
_ENCRYPTED = 0xF3D1C4DF
_MOST = 2_000_000


def read(ole: Any, into: Into) -> None:
    """Texts in the order of the stream, a page where a slide begins. Raises Unreadable `encrypted-document`."""
    if ole.exists("Current User"):
        head = ole.openstream("Current User").read()[:16]
        if len(head) == 16 and struct.unpack_from("<I", head, 12)[0] == _ENCRYPTED:
            raise Unreadable("encrypted-document")
    data = ole.openstream("PowerPoint Document").read()
    texts: list[str] = []
    counts = {_NOTES: 0, _COMMENT: 0}
    at = 0
    for _ in range(_MOST):
        if at + 8 > len(data):
            break
        version, kind, size = struct.unpack_from("<HHI", data, at)
        at += 8
        if kind in counts:
            counts[kind] += 1
        if kind == _SLIDE:
            texts.append("\f")
        if version & 0x0F != _CONTAINER:  # a container's records follow its head
            if kind in (_WIDE, _NARROW, _NAME):
                text = data[at : at + size].decode("latin-1" if kind == _NARROW else "utf-16-le", "replace")
                texts.append(text.replace("\r", "\n"))
            at += size
    into.text("\n".join(texts))
    into.hidden("notes", 0, counts[_NOTES])
    into.hidden("comments", 0, counts[_COMMENT])
