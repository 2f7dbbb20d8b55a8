"""Properties and tables on a node of a PST ([MS-PST] 2.3): a heap of pieces, trees and rows in it."""

import struct
from collections.abc import Callable, Iterator, Sequence

from missent.archive.outlook.properties import Value

_INLINE = {0x0002: 2, 0x0003: 4, 0x0004: 4, 0x000A: 4, 0x000B: 1}
_EIGHT = frozenset((0x0005, 0x0006, 0x0007, 0x0014, 0x0040))
_MOST_LEVELS = 8

Subnode = Callable[[int], bytes]
"""The data of a node below, by its number."""


class Heap:
    """The heap on a node; `below` reads what did not fit into it. Damage raises ValueError, IndexError or struct.error."""

    def __init__(self, blocks: Sequence[bytes], below: Subnode) -> None:
        self._blocks = blocks
        self._below = below
        _, mark, self.kind, self.root = struct.unpack_from("<HBBI", blocks[0])
        if mark != 0xEC:
            raise ValueError("no heap")

    def piece(self, hid: int) -> bytes:
        """A piece by its number ([MS-PST] 2.3.1.1): five bits of kind, eleven of index, sixteen of block."""
        if hid == 0:
            return b""
        block, index = self._blocks[hid >> 16], (hid >> 5 & 0x7FF) - 1
        (at,) = struct.unpack_from("<H", block)
        begin, end = struct.unpack_from("<HH", block, at + 4 + 2 * index)
        return block[begin:end]

    def either(self, hnid: int) -> bytes:
        """A piece, or the data of a node below: the lowest five bits tell."""
        return self._below(hnid) if hnid & 0x1F else self.piece(hnid)

    def properties(self) -> dict[int, Value]:
        """A property context ([MS-PST] 2.3.3): id -> type and octets."""
        if self.kind != 0xBC:
            raise ValueError("no properties")
        found = {}
        for record in self._records(self.root):
            one, kind, value = struct.unpack_from("<HHI", record)
            octets = record[4 : 4 + _INLINE[kind]] if kind in _INLINE else self.either(value)
            found[one] = Value(kind, octets)
        return found

    def rows(self) -> Iterator[dict[int, Value]]:
        """A table context ([MS-PST] 2.3.4), row by row."""
        if self.kind != 0x7C:
            raise ValueError("no table")
        head = self.piece(self.root)
        count, bits, width, rows = struct.unpack_from("<xB4xHH4xI", head)
        columns = [struct.unpack_from("<IHBB", head, 22 + 8 * n) for n in range(count)]
        matrix = self.either(rows)
        for at in range(0, len(matrix) - width + 1, max(width, 1)):
            row = matrix[at : at + width]
            yield {
                tag >> 16: Value(tag & 0xFFFF, self._cell(tag & 0xFFFF, row[begin : begin + size]))
                for tag, begin, size, bit in columns
                if row[bits + bit // 8] & 0x80 >> bit % 8
            }

    def _cell(self, kind: int, cell: bytes) -> bytes:
        if kind in _INLINE or kind in _EIGHT:
            return cell
        return self.either(int.from_bytes(cell, "little"))

    def _records(self, hid: int) -> Iterator[bytes]:
        mark, key, entry, levels, root = struct.unpack_from("<BBBBI", self.piece(hid))
        if mark != 0xB5 or levels > _MOST_LEVELS:
            raise ValueError("no tree")
        pieces = [self.piece(root)]
        for _ in range(levels):
            pieces = [self.piece(struct.unpack_from("<I", one, key)[0]) for piece in pieces for one in _cut(piece, key + 4)]
        for piece in pieces:
            yield from _cut(piece, key + entry)


def _cut(piece: bytes, size: int) -> list[bytes]:
    return [piece[at : at + size] for at in range(0, len(piece) - size + 1, size)]
