"""Values of a workbook's cells by calamine, one line a row, one page a sheet: xlsx, xlsb, xls."""

from datetime import date, datetime
from io import BytesIO
from typing import Any

from missent.reading.gathering import Into
from missent.reading.unreadable import Unreadable

_STEP = 2000


def read(data: bytes, into: Into, *, states: bool = False) -> None:
    """Text of all sheets, hidden ones too.

    `states`: whether hidden sheets are told of here, for formats whose structure nobody else looks at.
    Raises Unreadable: `encrypted-document`, `damaged`.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        rows = {name: _sheet(book.get_sheet_by_name(name), into) for name in book.sheet_names}
    except PasswordError:
        raise Unreadable("encrypted-document") from None
    except (CalamineError, ValueError, OSError):
        raise Unreadable("damaged") from None
    if states:
        _states(book, rows, into)


def _sheet(sheet: Any, into: Into) -> int:
    """Hand over one sheet's text; its rows that hold something."""
    lines: list[str] = []
    rows = 0
    for row in sheet.iter_rows():
        line = "\t".join(_said(value) for value in row).rstrip("\t")
        if line:
            rows += 1
            lines.append(line)
        if rows % _STEP == 0:
            into.budget.time()
    into.text("\n".join(lines) + "\f")
    return rows


def _said(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _states(book: Any, rows: dict[str, int], into: Into) -> None:
    unseen = {s.name: str(s.visible).rpartition(".")[2] for s in book.sheets_metadata}
    seen = sum(n for name, n in rows.items() if unseen.get(name) not in ("Hidden", "VeryHidden"))
    for state, kind in (("Hidden", "hidden-sheet"), ("VeryHidden", "very-hidden-sheet")):
        into.hidden(kind, seen, seen + sum(n for name, n in rows.items() if unseen.get(name) == state))


def preload() -> None:
    """What is needed once a file is read."""
    import python_calamine

    del python_calamine
