"""Nodes and blocks of a PST file ([MS-PST] 2.2.2), as far as messages attached to messages need them.

`libpff` reads everything else; its Python side cannot follow a message's node to the nodes below it. Read are files with
32-bit and 64-bit identifiers; those with pages of 4 kB (newer OST) are not.
"""

import struct
from collections.abc import Iterator
from functools import lru_cache
from typing import IO, NamedTuple

DECODED = bytes.fromhex(
    "47f1b4e60b6a7248854e9eebe2f89453e0bba002e85a09abdbe3bac67cc310dd39059630f53760828cc9134a6b1df3fb"
    "8f2697ca911701c4322d6e3195ffd923d1005e79dc443b1a28c5615720903d83b943be67d2464276c06d5b7eb20f1629"
    "3ca903540dda5ddff6b7c762cd8d06d3695c86d614f7a56675acb1e94521700c879f74a4224c6fbf1f56aa2eb3783350"
    "b0a392bccf191ca763cb1e4d3e4b1b9b4fe7f0eead3ab55904ea40552551e57a893868527bfc27aed7bdfa07f4cc8e5f"
    "ef359c842b15d5773449b6120a7f7188fd9d18417d93d8582ccefe24afdeb836c8a180a69998a82f0e816573e4c2a28a"
    "d4e111d0088b2af2ed9a643fc16cf9ec"
)
"""[MS-PST] 5.1, permutative encoding: what an encoded octet stands for."""

_MOST_LEVELS = 8
_LARGEST_BLOCK = 1 << 16


class Layout(NamedTuple):
    """How wide things are: identifiers, and where the header keeps its roots and how blocks are encoded."""

    word: str
    roots: int
    encoding: int
    page: int
    block_entry: str
    node_entry: str
    inner_head: int


_LAYOUTS = {
    14: Layout("I", 184, 461, 496, "<IIHH", "<IIII", 4),
    15: Layout("I", 184, 461, 496, "<IIHH", "<IIII", 4),
    23: Layout("Q", 216, 513, 488, "<QQHHI", "<QQQII", 8),
}


class Node(NamedTuple):
    """A node: block of its data, and block that lists the nodes below it (0: none)."""

    data: int
    below: int


class Nodes:
    """The trees of one file. Raises ValueError for a layout that is not known; damage raises ValueError or struct.error."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        head = self._read(0, 564)
        version = struct.unpack_from("<H", head, 10)[0]
        layout = _LAYOUTS.get(23 if version == 21 else version)
        if layout is None:
            raise ValueError(f"version {version}")
        self._layout = layout
        self._width = struct.calcsize(layout.word)
        _, self._nodes, _, self._blocks = struct.unpack_from(f"<4{layout.word}", head, layout.roots)
        self._encoding = head[layout.encoding]
        self._page = lru_cache(4096)(self._page_at)

    def node(self, nid: int) -> Node:
        """A node by its number. Raises ValueError if there is none."""
        _, data, below, *_ = self._found(self._nodes, nid, self._layout.node_entry)
        return Node(data, below)

    def below(self, node: Node) -> dict[int, Node]:
        """The nodes below one, by number ([MS-PST] 2.2.2.8.3.3)."""
        return dict(self._leaves(node.below, _MOST_LEVELS)) if node.below else {}

    def content(self, block: int, most: int) -> list[bytes]:
        """The data of a node, block by block. Raises ValueError if it is more than `most` octets."""
        found: list[bytes] = []
        for one in self._data(block, _MOST_LEVELS):
            most -= len(one)
            if most < 0:
                raise ValueError("too large")
            found.append(one)
        return found

    def _data(self, block: int, levels: int) -> Iterator[bytes]:
        raw = self._block(block)
        if not block & 2:
            yield raw.translate(DECODED) if self._encoding == 1 else raw
            return
        kind, _, count = struct.unpack_from("<BBH", raw)
        if kind != 1 or levels == 0:
            raise ValueError("no list of blocks")
        for inner in struct.unpack_from(f"<{count}{self._layout.word}", raw, 8):
            yield from self._data(inner, levels - 1)

    def _leaves(self, block: int, levels: int) -> Iterator[tuple[int, Node]]:
        raw = self._block(block)
        kind, level, count = struct.unpack_from("<BBH", raw)
        if kind != 2 or levels == 0:
            raise ValueError("no list of nodes")
        word = self._layout.word
        row = f"<{2 if level else 3}{word}"
        for n in range(count):
            nid, *rest = struct.unpack_from(row, raw, self._layout.inner_head + n * struct.calcsize(row))
            if level:
                yield from self._leaves(rest[0], levels - 1)
            else:
                yield nid & 0xFFFFFFFF, Node(*rest)

    def _block(self, bid: int) -> bytes:
        if self._encoding not in {0, 1} and not bid & 2:
            raise ValueError(f"encoding {self._encoding}")
        _, place, size, *_ = self._found(self._blocks, bid & ~1, self._layout.block_entry)
        if size > _LARGEST_BLOCK:
            raise ValueError("no block")
        return self._read(place, size)

    def _found(self, place: int, key: int, leaf: str) -> tuple[int, ...]:
        """An entry of a tree of pages ([MS-PST] 2.2.2.7.7), by its key."""
        inner = f"<3{self._layout.word}"
        for _ in range(_MOST_LEVELS):
            page = self._page(place)
            count, size, level = page[self._layout.page], page[self._layout.page + 2], page[self._layout.page + 3]
            rows = [struct.unpack_from(inner if level else leaf, page, n * size) for n in range(count)]
            if not level:
                rows = [row for row in rows if self._key(row[0], leaf) == key]
                if rows:
                    return tuple(rows[0])
                break
            place = next((int(row[2]) for row in reversed(rows) if row[0] <= key), 0)
        raise ValueError(f"no {key:#x}")

    def _key(self, key: int, leaf: str) -> int:
        """Numbers of nodes are 32 bits wide; of blocks the lowest bit is a mark."""
        return key & 0xFFFFFFFF if leaf == self._layout.node_entry else key & ~1

    def _page_at(self, place: int) -> bytes:
        return self._read(place, 512)

    def _read(self, place: int, size: int) -> bytes:
        self._file.seek(place)
        found = self._file.read(size)
        if len(found) < size:
            raise ValueError("the file ends before")
        return found
