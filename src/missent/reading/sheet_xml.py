"""What a worksheet's XML says of rows and columns one does not see (ECMA-376 18.3), without making a tree of it."""

import re
from dataclasses import dataclass

_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)(?<!/)>")
_ROW_NUMBER = re.compile(rb"\br=\"(\d{1,7})\"")
_HIDDEN = re.compile(rb"\bhidden=\"(?:1|true)\"")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_SPAN = re.compile(rb"\b(min|max)=\"(\d{1,5})\"")
_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=\"([A-Z]{1,3})")
_FILTERED = re.compile(rb"<(?:\w+:)?filterColumn\b")
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\b[^>]*\bref=\"[A-Z]+(\d+)(?::[A-Z]+(\d+))?\"")
_MARGIN = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)>([^<]*)<")
_CODES = re.compile(r"&(?:\"[^\"]*\"|K[0-9A-F]{6}|\d{1,3}|[A-Z])")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet's shape.

    Attributes:
        rows: rows that hold cells; `hidden_rows` of them are not shown, by a filter if `filtered`.
        columns: columns that hold cells; `hidden_columns` of them are not shown.
        last_row: number of the last row.
        last_column: number of the last column.
        claimed: rows its `<dimension>` claims, 0 if it claims none.
        margins: headers and footers of the printed page.
    """

    rows: int
    hidden_rows: int
    filtered: bool
    columns: int
    hidden_columns: int
    last_row: int
    last_column: int
    claimed: int
    margins: tuple[str, ...]


def look(data: bytes) -> Sheet:
    """One pass for each thing asked."""
    rows = hidden = last = 0
    for match in _ROW.finditer(data):
        rows += 1
        hidden += bool(_HIDDEN.search(match[1]))
        number = _ROW_NUMBER.search(match[1])
        last = max(last, int(number[1])) if number else last + 1
    columns = {_number(letters) for letters in {match[1] for match in _CELL.finditer(data)}}
    unseen = {number for low, high in _hidden_spans(data) for number in range(low, min(high, 16_384) + 1)}
    claimed = _DIMENSION.search(data[:4096])
    margins = tuple(m[1].decode("utf-8", "replace") for m in _MARGIN.finditer(data[-20_000:]))
    return Sheet(
        rows,
        hidden,
        bool(_FILTERED.search(data)),
        len(columns),
        len(columns & unseen),
        last,
        max(columns, default=0),
        int(claimed[2] or claimed[1]) if claimed else 0,
        tuple(_CODES.sub(" ", text.replace("&amp;", "&")).strip() for text in margins),
    )


def _hidden_spans(data: bytes) -> list[tuple[int, int]]:
    spans = []
    for match in _COLUMN.finditer(data[:1_000_000]):
        if _HIDDEN.search(match[1]):
            span = {key: int(value) for key, value in _SPAN.findall(match[1])}
            spans.append((span.get(b"min", 0), span.get(b"max", 0)))
    return spans[:1000]


def _number(letters: bytes) -> int:
    """A column's number: A is 1, XFD is 16384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
