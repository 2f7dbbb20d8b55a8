"""What of an Excel workbook before 2007 one does not see (MS-XLS): rows, columns, comments, pivot caches.

The records of each sheet say it; calamine reads the values and the sheets' own states. Only record heads are walked.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from missent.reading.gathering import Into

_BOF, _ROW, _COLUMNS, _FILTERED, _NOTE, _CACHE = 0x0809, 0x0208, 0x007D, 0x009B, 0x001C, 0x00C6
_SHEET = 0x0010
_CELLS = frozenset((0x00FD, 0x0203, 0x027E, 0x00BD, 0x0204, 0x0006, 0x0205, 0x00D6))
"""LABELSST, NUMBER, RK, MULRK, LABEL, FORMULA, BOOLERR, RSTRING: cells that hold something."""
_MULTIPLE = 0x00BD
_MOST = 5_000_000


@dataclass(slots=True)
class _Sheet:
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[range] = field(default_factory=list)
    filtered: bool = False
    comments: int = 0


def tell(ole: Any, stream: str, into: Into) -> None:
    """Say what is hidden in the sheets of the stream `Workbook`, and how many rows pivot caches keep."""
    sheets = _sheets(ole.openstream(stream).read(), into)
    for sheet in sheets:
        rows = len(sheet.rows)
        into.hidden("filtered-rows" if sheet.filtered else "hidden-rows", rows - len(sheet.rows & sheet.hidden_rows), rows)
        unseen = sum(any(column in hidden for hidden in sheet.hidden_columns) for column in sheet.columns)
        into.hidden("hidden-columns", len(sheet.columns) - unseen, len(sheet.columns))
    into.hidden("comments", 0, sum(sheet.comments for sheet in sheets))
    seen = sum(len(sheet.rows - sheet.hidden_rows) for sheet in sheets)
    for path in ole.listdir():
        if len(path) == 2 and path[0].lower() == "_sx_db_cur":
            for kind, data in _records(ole.openstream(path).read()):
                if kind == _CACHE and len(data) >= 4:
                    into.hidden("pivot-cache", seen, struct.unpack_from("<I", data)[0])


def _sheets(data: bytes, into: Into) -> list[_Sheet]:
    """The worksheets of a stream, in order."""
    sheets: list[_Sheet] = []
    inside = False
    for number, (kind, body) in enumerate(_records(data)):
        if number % 10_000 == 0:
            into.budget.time()
        if kind == _BOF:
            inside = len(body) >= 4 and struct.unpack_from("<H", body, 2)[0] == _SHEET
            sheets += [_Sheet()] if inside else []
        elif inside:
            _take(sheets[-1], kind, body)
    return sheets


def _take(sheet: _Sheet, kind: int, body: bytes) -> None:
    if kind in _CELLS and len(body) >= 4:
        row, column = struct.unpack_from("<HH", body)
        sheet.rows.add(row)
        last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == _MULTIPLE else column
        sheet.columns.update(range(column, min(last, column + 256) + 1))
    elif kind == _ROW and len(body) >= 14 and body[12] & 0x20:
        sheet.hidden_rows.add(struct.unpack_from("<H", body)[0])
    elif kind == _COLUMNS and len(body) >= 10 and body[8] & 0x01:
        first, last = struct.unpack_from("<HH", body)
        sheet.hidden_columns.append(range(first, last + 1))
    sheet.filtered |= kind == _FILTERED
    sheet.comments += kind == _NOTE


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and body of each record (MS-XLS 2.1.4), as far as they are whole."""
    at = 0
    for _ in range(_MOST):
        if at + 4 > len(data):
            return
        kind, size = struct.unpack_from("<HH", data, at)
        yield kind, data[at + 4 : at + 4 + size]
        at += 4 + size
