"""What of an OpenDocument file one does not see: hidden sheets, rows, columns and slides, speaker notes.

Whether a sheet or slide is shown stands in a style that it names (ISO/IEC 26300-3, 17.15, 20.250 and 20.375); rows and columns
say it themselves, and a repeated one counts as often as it stands.
"""

from typing import Any

from missent.reading import xml
from missent.reading.gathering import Into

_MOST = 1_048_576  # rows of a sheet; formats repeat an empty row to its end
_TEXTS = frozenset(("span", "p", "h"))


def tell(content: Any, into: Into) -> None:
    """Say what is hidden in the tree of `content.xml`."""
    unseen = _unseen_styles(content)
    sheets = [e for e in xml.walk(content) if xml.local(e) == "table"]
    shown = [s for s in sheets if xml.attribute(s, "style-name") not in unseen]
    rows = {id(sheet): _rows(sheet) for sheet in sheets}
    seen = sum(_count(rows[id(s)], None) for s in shown)
    into.hidden("hidden-sheet", seen, seen + sum(_count(rows[id(s)], "") for s in sheets if s not in shown))
    for sheet in sheets:
        held = _count(rows[id(sheet)], "")
        for state, kind in (("collapse", "hidden-rows"), ("filter", "filtered-rows")):
            into.hidden(kind, held - _count(rows[id(sheet)], state), held)
        _columns(sheet, into)
    into.hidden(
        "hidden-text", 0, sum(xml.local(e) in _TEXTS and xml.attribute(e, "style-name") in unseen for e in xml.walk(content))
    )
    pages = [e for e in xml.walk(content) if xml.local(e) == "page"]
    into.hidden("hidden-slides", sum(xml.attribute(p, "style-name") not in unseen for p in pages), len(pages))
    notes = (e for page in pages for e in page if isinstance(e.tag, str) and xml.local(e) == "notes")
    into.hidden("notes", 0, sum(any(c.isalpha() for text in note.itertext() for c in text) for note in notes))


def _unseen_styles(content: Any) -> set[str]:
    """Names of the styles of what is not displayed."""
    found = set()
    for style in xml.walk(content):
        if xml.local(style) == "style":
            for of in style:
                if xml.attribute(of, "display") in ("false", "none") or xml.attribute(of, "visibility") == "hidden":
                    found.add(xml.attribute(style, "name"))
    return found


def _rows(sheet: Any) -> list[Any]:
    """Rows that hold something."""
    return [e for e in xml.walk(sheet) if xml.local(e) == "table-row" and any(len(cell) for cell in e)]


def _count(rows: list[Any], state: str | None) -> int:
    """How many rows: all for "", those in sight for None, those in a state."""
    return sum(_times(row, "rows") for row in rows if state == "" or xml.attribute(row, "visibility") == (state or ""))


def _columns(sheet: Any, into: Into) -> None:
    """Hidden columns among those up to the last that holds something."""
    last = max((sum(_times(c, "columns") for c in _filled(row)) for row in _rows(sheet)), default=0)
    held = hidden = 0
    for column in xml.walk(sheet):
        if xml.local(column) == "table-column":
            times = max(0, min(_times(column, "columns"), last - held))
            held += times
            hidden += times * (xml.attribute(column, "visibility") in ("collapse", "filter"))
    into.hidden("hidden-columns", held - hidden, held)


def _filled(row: Any) -> list[Any]:
    """A row's cells up to the last that holds something."""
    cells = [cell for cell in row if isinstance(cell.tag, str)]
    while cells and not len(cells[-1]):
        cells.pop()
    return cells


def _times(element: Any, what: str) -> int:
    said = xml.attribute(element, f"number-{what}-repeated")
    return min(int(said), _MOST) if said.isdigit() else 1
