"""What of a Word document before 2007 is tracked as changed, or formatted as hidden (MS-DOC 2.8.5, 2.9.33, 2.6.1).

Formatting is kept apart from text, in pages of 512 octets of runs; each run has a list of properties with their operands.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

_PAGE = 512
_DELETED, _INSERTED, _HIDDEN = 0x0800, 0x0801, 0x083C
_OPERANDS = (1, 1, 2, 4, 2, 2, 0, 3)
"""Octets of an operand by the three highest bits of its property; 0: it begins with its own length (MS-DOC 2.2.5.1)."""
_MOST = 200_000


class Runs(NamedTuple):
    """Runs that are tracked changes, and runs that are hidden text."""

    changes: int
    hidden: int


def count(table: bytes, place: tuple[int, int], document: bytes) -> Runs:
    """Count them. `place`: offset and size of PlcBteChpx in the table stream. Raises struct.error where it is damaged."""
    start, size = place
    pages = (size - 4) // 8
    if pages <= 0:
        return Runs(0, 0)
    numbers = struct.unpack_from(f"<{pages}I", table, start + (pages + 1) * 4)
    changes = hidden = 0
    for run in _runs(document, numbers):
        said = dict(_properties(run))
        changes += bool(said.get(_DELETED) or said.get(_INSERTED))
        hidden += bool(said.get(_HIDDEN))
    return Runs(changes, hidden)


def _runs(document: bytes, numbers: tuple[int, ...]) -> Iterator[bytes]:
    """The property list of each run of these pages."""
    for number in numbers[:_MOST]:
        page = document[(number & 0x3FFFFF) * _PAGE :][:_PAGE]
        if len(page) < _PAGE:
            continue
        runs = page[-1]
        offsets = page[(runs + 1) * 4 : (runs + 1) * 4 + runs]
        for offset in offsets:
            if offset and offset * 2 < _PAGE - 1:
                at = offset * 2
                yield page[at + 1 : at + 1 + page[at]]


def _properties(listed: bytes) -> Iterator[tuple[int, int]]:
    """Property and first octet of its operand."""
    at = 0
    while at + 3 <= len(listed):
        (property_,) = struct.unpack_from("<H", listed, at)
        size = _OPERANDS[property_ >> 13]
        yield property_, listed[at + 2]
        at += 2 + (size or 1 + listed[at + 2])
