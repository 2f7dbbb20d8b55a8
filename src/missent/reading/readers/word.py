"""Word documents: text, headers and footers, notes, comments, text boxes; what tracked changes and formatting hide."""

from missent.reading import xml
from missent.reading.gathering import Into
from missent.reading.office_text import OfficeText, office_text
from missent.reading.unreadable import Unreadable
from missent.reading.unzipping import Package

_NOT_TEXT_WORDS = """
    styles settings fonttable websettings numbering people commentsextended commentsids commentsextensible
"""
_NOT_TEXT = frozenset(_NOT_TEXT_WORDS.split())

_BESIDE = ("word/diagrams/data", "word/charts/chart", "word/glossary/document")


def read(package: Package, into: Into) -> None:
    """Everything that is text. Raises Unreadable where the document itself cannot be read."""
    document, comments = OfficeText(), 0
    for name in _parts(package):
        try:
            root = xml.parse(package.get(name), into.budget)
        except Unreadable as stop:
            into.skip(stop.reason)
            continue
        said = office_text(root)
        if "comments" in name:
            comments += sum(1 for element in xml.walk(root) if xml.local(element) == "comment")
            into.text("".join(said.shown))
        else:
            document.add(said)
    into.text("".join(document.shown))
    into.text("\n".join(document.removed))
    into.text("\n".join(document.vanished))
    into.hidden("comments", 0, comments)
    into.hidden("tracked-changes", 0, document.changes)
    into.hidden("hidden-text", 0, len(document.vanished))


def _parts(package: Package) -> list[str]:
    """Headers first, as they stand on a page, then the document, then what belongs to it."""
    names = [n for n in package.names("word/", ".xml") if n.count("/") == 1 and n[5:-4] not in _NOT_TEXT]
    names += [n for n in package.names("word/", ".xml") if n.startswith(_BESIDE)]
    return sorted(names, key=lambda n: (not n.startswith("word/header"), not n.startswith("word/document")))
