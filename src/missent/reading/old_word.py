"""Text of Word documents before 2007 (MS-DOC): the pieces of the piece table in order, whatever their encoding.

The pieces hold the document, then footnotes, headers, comments and text boxes, so all of it is read.
"""

import re
import struct
from typing import Any

from missent.reading import old_word_runs
from missent.reading.gathering import Into
from missent.reading.unreadable import Unreadable

_MAGIC = (0xA5EC, 0xA5DC)
_ENCRYPTED, _TABLE_ONE = 0x0100, 0x0200
_FIELD_CODE = re.compile("\x13[^\x13\x14\x15]{0,2000}\x14")
_ROW_END = "\x07\x07"
"""The last cell's mark and the row's own; an empty cell looks the same, and then ends a line too."""
_MARKS = str.maketrans({"\r": "\n", "\x07": "\t", "\x0b": "\n", "\x0c": "\f", "\x1e": "-", "\x1f": "", "\xa0": " "})
_OTHERS = re.compile("[\x00-\x08\x0e-\x1f]")


def read(ole: Any, into: Into) -> None:
    """All text. Raises Unreadable: `encrypted-document`, `damaged`."""
    document = ole.openstream("WordDocument").read()
    try:
        magic, flags = struct.unpack_from("<H8xH", document)
        if magic not in _MAGIC:
            raise Unreadable("damaged")
        if flags & _ENCRYPTED:
            raise Unreadable("encrypted-document")
        (start, size), runs, comments = _offsets(document)
        table = ole.openstream("1Table" if flags & _TABLE_ONE else "0Table").read()
        text = "".join(_pieces(table[start : start + size], document))
        unseen = old_word_runs.count(table, runs, document)
    except (struct.error, OSError):
        raise Unreadable("damaged") from None
    into.text(_OTHERS.sub("", _FIELD_CODE.sub("", text).replace(_ROW_END, "\x07\n").translate(_MARKS)))
    into.hidden("comments", 0, comments)
    into.hidden("tracked-changes", 0, unseen.changes)
    into.hidden("hidden-text", 0, unseen.hidden)


def _offsets(document: bytes) -> tuple[tuple[int, int], tuple[int, int], int]:
    """Where the piece table (fcClx) and that of runs (fcPlcfBteChpx) stand, and whether there are comments (ccpAtn)."""
    words = struct.unpack_from("<H", document, 32)[0]
    longs_at = 34 + words * 2
    longs = struct.unpack_from("<H", document, longs_at)[0]
    comments = struct.unpack_from("<i", document, longs_at + 2 + 7 * 4)[0]
    pairs_at = longs_at + 2 + longs * 4 + 2
    pieces = struct.unpack_from("<II", document, pairs_at + 33 * 8)
    return pieces, struct.unpack_from("<II", document, pairs_at + 12 * 8), int(comments > 0)


def _pieces(clx: bytes, document: bytes) -> list[str]:
    at = 0
    while at < len(clx) and clx[at] == 1:  # formatting comes first
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at >= len(clx) or clx[at] != 2:
        raise Unreadable("damaged")
    size = struct.unpack_from("<I", clx, at + 1)[0]
    table = clx[at + 5 : at + 5 + size]
    count = (len(table) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", table)
    out = []
    for number in range(count):
        place = struct.unpack_from("<I", table, (count + 1) * 4 + number * 8 + 2)[0]
        length = max(0, ends[number + 1] - ends[number])
        narrow, place = bool(place & 0x40000000), place & 0x3FFFFFFF
        octets = document[place // 2 :][:length] if narrow else document[place:][: length * 2]
        out.append(octets.decode("cp1252" if narrow else "utf-16-le", "replace"))
    return out
