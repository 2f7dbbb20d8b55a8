"""The packaged book: every name missent knows before it has seen any mail, in one mapped file.

Public suffixes, registries of the public sector, free and throw-away mail, and where each protected name is filed for
lookalikes. `missent check` answers one question from a cold process, so nothing is parsed at start: the file is mapped
and two small hash tables in it are asked. It is made once a version by `tools/pack_names.py`; `data/SOURCES` says from
what.

Layout, all numbers little-endian uint32: the magic, five counts, then
`slots+1` starts of name slots · `names+1` offsets into the text · `keyslots+1` starts of key slots · `postings` ·
`names` octets of marks · the text. Names stand in order of CRC-32 modulo slots, so a slot is a range of numbers.
A posting is 12 bits of its key's CRC and 20 bits of a name's number; the key itself is not kept, so a name found under
a key is a candidate only (one in 4,096 is a stranger).
"""

import mmap
import struct
import sys
from array import array
from collections.abc import Iterable, Mapping, Set
from enum import IntEnum
from functools import cache
from pathlib import Path
from zlib import crc32

MAGIC = b"missent\x01"
PACKAGED = Path(__file__).with_name("data") / "names.book"
OPEN = "\n"
"""The key of listed names under an ending where anybody can register (`kew.org`): few, so they join the index in memory."""
_COUNTS = struct.Struct("<5I")
_KEPT = 10_000
_NOBODY: frozenset[str] = frozenset()


class Mark(IntEnum):
    """What is known of a name: bits of one octet.

    RULE, WILDCARD and EXCEPTION are those of the Public Suffix List, ABOVE that a longer rule stands below the name; ROOT
    is a top level of the root zone.
    """

    LISTED = 1
    FREE_MAIL = 2
    DISPOSABLE = 4
    RULE = 8
    WILDCARD = 16
    EXCEPTION = 32
    ROOT = 64
    ABOVE = 128


class Book:
    """A book of names, asked in about a microsecond a question.

    Takes the octets of a packed book, usually a mapped file. Raises ValueError if they are not one.
    """

    def __init__(self, data: bytes | mmap.mmap) -> None:
        if data[: len(MAGIC)] != MAGIC:
            raise ValueError("not a book of names of this version")
        names, slots, keyslots, postings, text = _COUNTS.unpack_from(data, len(MAGIC))
        at = len(MAGIC) + _COUNTS.size
        view = memoryview(data)
        self._slots, at = _numbers(view, at, slots + 1)
        self._offsets, at = _numbers(view, at, names + 1)
        self._keys, at = _numbers(view, at, keyslots + 1)
        self._postings, at = _numbers(view, at, postings)
        self._marks = view[at : at + names]
        self._text = view[at + names : at + names + text]
        self._mask, self._keymask = slots - 1, keyslots - 1
        self._kept: dict[str, int] = {}  # every question repeats top levels, and its own domain

    def marks(self, name: str) -> int:
        """The `Mark` bits of a name, 0 if it is not in the book."""
        kept = self._kept.get(name)
        if kept is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            kept = self._kept[name] = self._marks_of(name)
        return kept

    def _marks_of(self, name: str) -> int:
        raw = name.encode("utf-8", "replace")
        slot = crc32(raw) & self._mask
        first, last = self._slots[slot], self._slots[slot + 1]
        if first != last:
            offsets, text = self._offsets, self._text
            for number in range(first, last):
                if text[offsets[number] : offsets[number + 1]] == raw:
                    return self._marks[number]
        return 0

    def filed(self, keys: Iterable[str]) -> Set[str]:
        """Listed names filed under any of these keys (candidates: see above)."""
        numbers: list[int] = []
        starts, postings, mask = self._keys, self._postings, self._keymask
        for key in keys:
            crc = crc32(key.encode("utf-8", "replace"))
            slot = crc & mask
            first, last = starts[slot], starts[slot + 1]
            while first != last:
                if postings[first] >> 20 == crc >> 20:
                    numbers.append(postings[first] & 0xFFFFF)
                first += 1
        return {self._name(number) for number in numbers} if numbers else _NOBODY

    def named(self, mark: Mark) -> Iterable[str]:
        """Every name with a mark, in no useful order."""
        return (self._name(number) for number, marks in enumerate(self._marks) if marks & mark)

    def _name(self, number: int) -> str:
        return str(self._text[self._offsets[number] : self._offsets[number + 1]], "utf-8")


@cache
def packaged() -> Book:
    """The book shipped with missent, mapped once a process."""
    with PACKAGED.open("rb") as file:
        return Book(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def _numbers(view: memoryview, at: int, count: int) -> tuple[memoryview, int]:
    end = at + 4 * count
    part = view[at:end].cast("I")
    if sys.byteorder == "big":
        swapped = array("I", part)
        swapped.byteswap()
        part = memoryview(swapped)
    return part, end


def pack(marks: Mapping[str, int], filed: Mapping[str, Iterable[str]]) -> bytes:
    """Make a book of names with their marks; `filed` gives for a listed name the keys it is filed under."""
    slots, keyslots = _power(2 * len(marks)), _power(sum(1 for keys in filed.values() for _ in keys) // 2)
    ordered = sorted(marks, key=lambda name: (crc32(name.encode()) & (slots - 1), name))
    number = {name: n for n, name in enumerate(ordered)}
    postings = sorted(
        (crc & (keyslots - 1), crc >> 20 << 20 | number[name])
        for name, keys in filed.items()
        for crc in {crc32(key.encode()) for key in keys}
    )
    raw = [name.encode() for name in ordered]
    offsets = array("I", [0])
    for one in raw:
        offsets.append(offsets[-1] + len(one))
    numbers = (
        _starts([crc32(one) & (slots - 1) for one in raw], slots),
        offsets,
        _starts([slot for slot, _ in postings], keyslots),
        array("I", [posting for _, posting in postings]),
    )
    if sys.byteorder == "big":
        for part in numbers:
            part.byteswap()
    head = MAGIC + _COUNTS.pack(len(ordered), slots, keyslots, len(postings), sum(map(len, raw)))
    return b"".join((head, *(part.tobytes() for part in numbers), bytes(marks[n] for n in ordered), *raw))


def _power(count: int) -> int:
    return 1 << max(count, 1).bit_length()


def _starts(slots: list[int], count: int) -> "array[int]":
    """Where each slot begins in a list sorted by slot."""
    starts = array("I", bytes(4 * (count + 1)))
    for slot in slots:
        starts[slot + 1] += 1
    for slot in range(count):
        starts[slot + 1] += starts[slot]
    return starts
