"""Excel workbooks: values by calamine, and by the workbook's XML what of it one does not see."""

from typing import Any, NamedTuple

from missent.reading import cells, sheet_xml, xml
from missent.reading.gathering import Into
from missent.reading.office_text import office_text
from missent.reading.pivots import cached
from missent.reading.unreadable import Unreadable
from missent.reading.unzipping import Package

_MOST_CELLS = 8_000_000


class _Listed(NamedTuple):
    """A sheet as the workbook lists it."""

    state: str
    part: str


def read(package: Package, into: Into) -> None:
    """Values, comments, margins; hidden sheets, rows and columns; caches of pivot tables. Raises Unreadable."""
    sheets = _sheets(package, into)
    looked = [(s.state, sheet_xml.look(package.get(s.part))) for s in sheets if package.has(s.part)]
    strings = package.get("xl/sharedstrings.xml")
    _unseen(looked, into)
    into.text("\n".join(line for _, sheet in looked for line in sheet.margins))
    _notes(package, into)
    seen = _seen_rows(looked)
    for name in package.names("xl/pivotcache/pivotcacherecords", ".xml"):
        rows = cached(package, name, into.budget)
        into.text("\n".join(rows))
        into.hidden("pivot-cache", seen, len(rows))
    if sum(sheet.last_row * sheet.last_column for _, sheet in looked) > _MOST_CELLS:
        into.skip("too-large")  # spread so wide that a reader would fill the memory with empty cells
        into.text("".join(office_text(xml.parse(strings, into.budget)).shown) if strings else "")
        return
    cells.read(package.data, into, states=package.has("xl/workbook.bin"))  # .xlsb has no XML to look at


def _sheets(package: Package, into: Into) -> list[_Listed]:
    """Sheets with their parts; all worksheets where the workbook does not list them."""
    targets: dict[str, str] = {}
    if package.has("xl/_rels/workbook.xml.rels"):
        for relation in xml.walk(xml.parse(package.get("xl/_rels/workbook.xml.rels"), into.budget)):
            target = xml.attribute(relation, "Target")
            targets[xml.attribute(relation, "Id")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    sheets = []
    if package.has("xl/workbook.xml"):
        for element in xml.walk(xml.parse(package.get("xl/workbook.xml"), into.budget)):
            if xml.local(element) == "sheet":
                part = next((targets[v] for v in element.attrib.values() if v in targets), "")
                sheets.append(_Listed(xml.attribute(element, "state"), part))
    listed = {sheet.part.lower() for sheet in sheets}
    return sheets + [_Listed("", n) for n in package.names("xl/worksheets/", ".xml") if n not in listed]


def _seen_rows(looked: list[tuple[str, sheet_xml.Sheet]]) -> int:
    return sum(sheet.rows - sheet.hidden_rows for state, sheet in looked if state not in ("hidden", "veryHidden"))


def _unseen(looked: list[tuple[str, sheet_xml.Sheet]], into: Into) -> None:
    seen = _seen_rows(looked)
    for state, kind in (("hidden", "hidden-sheet"), ("veryHidden", "very-hidden-sheet")):
        into.hidden(kind, seen, seen + sum(sheet.rows for of, sheet in looked if of == state))
    for _, sheet in looked:
        into.hidden("filtered-rows" if sheet.filtered else "hidden-rows", sheet.rows - sheet.hidden_rows, sheet.rows)
        into.hidden("hidden-columns", sheet.columns - sheet.hidden_columns, sheet.columns)
        if sheet.claimed and sheet.claimed < sheet.last_row:
            into.hidden("false-dimension", sheet.claimed, sheet.last_row)


def _notes(package: Package, into: Into) -> None:
    """Comments, threads of them, and text in drawings."""
    comments = 0
    for name in package.names("xl/", ".xml"):
        if not name.startswith(("xl/comments", "xl/threadedcomments/", "xl/drawings/drawing", "xl/charts/chart")):
            continue
        try:
            root: Any = xml.parse(package.get(name), into.budget)
        except Unreadable as stop:
            into.skip(stop.reason)
            continue
        comments += sum(1 for element in xml.walk(root) if xml.local(element) in ("comment", "threadedComment"))
        said = [e.text for e in xml.walk(root) if xml.local(e) == "text" and e.text]
        into.text("".join([*office_text(root).shown, *said]))
    into.hidden("comments", 0, comments)


def preload() -> None:
    """What is needed once a file is read."""
    cells.preload()
