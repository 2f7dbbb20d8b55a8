"""Text of WordprocessingML and DrawingML (ECMA-376), as a reader of the document sees it and as it does not.

Both name paragraphs, runs, cells and breaks alike, so one walk serves documents, headers, comments, slides and notes.
"""

from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from missent.reading.xml import attribute, local

_BREAKS = {"p": "\n", "tr": "\n", "tc": "\t", "tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_ENDS = frozenset(("p", "tr"))
_SKIPPED = frozenset(("Fallback", "instrText", "rPr", "pPr", "sectPr", "tblPr", "style", "drawingPr"))
_REMOVED = frozenset(("del", "moveFrom"))
_ADDED = frozenset(("ins", "moveTo"))
_OFF = ("0", "false", "off")


@dataclass(slots=True)
class OfficeText:
    """What one part says.

    Attributes:
        shown: text one sees.
        removed: text whose deletion is tracked; `vanished`: text formatted as hidden.
        changes: tracked insertions, deletions and moves.
    """

    shown: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    changes: int = 0

    def end(self, name: str) -> None:
        """An element ends. A row of a table is one line, so that its records can be counted."""
        if name == "tc" and self.shown and self.shown[-1] == "\n":
            self.shown.pop()
        if name in _ENDS:
            self.shown.append("\n")

    def add(self, other: "OfficeText") -> None:
        """Another part of the same document follows."""
        self.shown += [*other.shown, "\n"]
        self.removed += other.removed
        self.vanished += other.vanished
        self.changes += other.changes


def office_text(root: Any) -> OfficeText:
    """Walk one part's tree."""
    said = OfficeText()
    removing = 0
    vanishing = False
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if not isinstance(element.tag, str):
            continue
        name = local(element)
        if event == "end":
            removing -= name in _REMOVED and bool(len(element))
            said.end(name)
            continue
        if name in _REMOVED | _ADDED:
            said.changes += 1
            removing += name in _REMOVED and bool(len(element))
        elif name == "r":
            vanishing = _vanishes(element)
        elif name in ("t", "delText"):
            _out(said, removing=removing > 0, vanishing=vanishing).append(element.text or "")
        elif name in _BREAKS and name not in _ENDS:
            said.shown.append("\f" if attribute(element, "type") == "page" else _BREAKS[name])
        if name in _SKIPPED:
            walk.skip_subtree()
    return said


def _out(said: OfficeText, *, removing: bool, vanishing: bool) -> list[str]:
    if removing:
        return said.removed
    return said.vanished if vanishing else said.shown


def _vanishes(run: Any) -> bool:
    """Whether a run is formatted as hidden text."""
    for properties in run:
        if isinstance(properties.tag, str) and local(properties) == "rPr":
            return any(local(p) == "vanish" and attribute(p, "val") not in _OFF for p in properties if isinstance(p.tag, str))
    return False
