"""A message attached to a message of a PST, opened: its node lies below the attachment's, which lies below the message's."""

from pathlib import Path
from typing import IO

from missent.archive.outlook.heaps import Heap
from missent.archive.outlook.nodes import Node, Nodes
from missent.archive.outlook.note import Attached, Note
from missent.archive.outlook.properties import OBJECT, Properties
from missent.archive.outlook.rtf import unpacked

_RECIPIENTS, _ATTACHMENT = 0x692, 0x05
_DATA, _METHOD, _RTF, _EMBEDDED = 0x3701, 0x3705, 0x1009, 5
_DEEPEST = 5


class Embedded:
    """Opens them one after another; the file is opened when the first is asked for. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def __enter__(self) -> "Embedded":
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def note(self, message: int, attachment: int, data: bytes, most: int) -> Note:
        """The message in an attachment; both by their numbers, `data` is the attachment's object. At most `most` octets in all,
        pieces read twice counted twice. Raises ValueError, LookupError, struct.error or OSError where the file is damaged or
        of another layout.
        """
        if self._file is None:
            self._file = self._path.open("rb")
        nodes = Nodes(self._file)
        attached = nodes.below(nodes.node(message))[attachment]
        return _Opening(nodes, most).note(nodes.below(attached)[int.from_bytes(data[:4], "little")])


class _Opening:
    def __init__(self, nodes: Nodes, most: int) -> None:
        self._nodes = nodes
        self._most = most

    def note(self, node: Node, depth: int = 0) -> Note:
        below = self._nodes.below(node)
        properties = Properties(self._heap(node, below).properties())
        note = Note(properties, rtf=unpacked(properties.octets(_RTF)))
        if _RECIPIENTS in below:
            table = below[_RECIPIENTS]
            rows = self._heap(table, self._nodes.below(table)).rows()
            note.recipients = [Properties(row, properties.codepage) for row in rows]
        for nid in sorted(nid for nid in below if nid & 0x1F == _ATTACHMENT):
            attached = self._attached(below[nid], properties.codepage, depth)
            if isinstance(attached, str):
                note.missing.append(attached)
            else:
                note.attachments = [*note.attachments, attached]
        return note

    def _attached(self, node: Node, codepage: int, depth: int) -> Attached | str:
        below = self._nodes.below(node)
        properties = Properties(self._heap(node, below).properties(), codepage)
        stored = properties.stored(_DATA)
        if properties.kind(_DATA) != OBJECT:
            return Attached(properties, stored)
        if properties.number(_METHOD) != _EMBEDDED or depth == _DEEPEST:
            return "unknown-attachment" if depth < _DEEPEST else "too-deep-inside"
        return Attached(properties, self.note(below[int.from_bytes(stored[:4], "little")], depth + 1))

    def _heap(self, node: Node, below: dict[int, Node]) -> Heap:
        """What lies on a node; pieces that lie below it are octets one after another."""
        return Heap(self._content(node), lambda nid: b"".join(self._content(below[nid])))

    def _content(self, node: Node) -> list[bytes]:
        blocks = self._nodes.content(node.data, self._most)
        self._most -= sum(map(len, blocks))
        return blocks
