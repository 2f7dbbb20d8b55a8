"""Writes small PST files ([MS-PST], Unicode, not encrypted): a root, folders, messages with recipients and attachments."""

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Union

INTEGER, BOOLEAN, UNICODE, TIME, BINARY = 0x0003, 0x000B, 0x001F, 0x0040, 0x0102
Value = Union[int, str, bytes, "Message"]
Properties = Mapping[int, Value]
"""Property id << 16 | type -> value; times are FILETIMEs as 8 octets, a message is one attached (0x3701000D)."""

_STORE, _NAMES, _ROOT = 0x21, 0x61, 0x122
_RECIPIENTS, _ATTACHMENTS, _FIRST_ATTACHMENT = 0x692, 0x671, 0x8025


@dataclass
class Message:
    """A message to be written."""

    properties: Properties
    recipients: Sequence[Properties] = ()
    attachments: Sequence[Properties] = ()


@dataclass
class Folder:
    """A folder to be written."""

    name: str
    messages: Sequence[Message] = ()
    folders: Sequence["Folder"] = ()


@dataclass
class Written:
    """The file, and where each message's table of recipients and each folder's properties stand in it."""

    octets: bytes
    tables: dict[int, tuple[int, int]] = field(default_factory=dict)


def pst(root: Folder, client: bytes = b"SM", encode: bytes = b"") -> Written:
    """The octets of a PST with these folders; of an OST with the client `SO`. `encode`: what octets are written as."""
    return _Writer(client, encode).written(root)


class _Writer:
    def __init__(self, client: bytes, encode: bytes) -> None:
        self.client, self.encode = client, encode
        self.file = bytearray(0x4600)  # header and allocation map, which nobody looks into
        self.blocks: list[tuple[int, int, int]] = []  # bid, place, octets
        self.nodes: list[tuple[int, int, int, int]] = []  # nid, bid of data, bid of subnodes, parent
        self.tables: dict[int, tuple[int, int]] = {}
        self.next_bid, self.next_folder, self.next_message = 4, 0x401, 0x10001

    def written(self, root: Folder) -> Written:
        self._node(_STORE, _context({0x30010000 | UNICODE: "store", 0x0FF90000 | BINARY: bytes(16)}))
        self._node(_NAMES, _context({0x00010003: 251, 0x00020102: bytes(16), 0x00030102: bytes(8), 0x00040102: bytes(4)}))
        self._folder(root, _ROOT, _ROOT)
        nodes, blocks = self._tree(0x81, 32, [struct.pack("<QQQII", n, b, s, p, 0) for n, b, s, p in sorted(self.nodes)]), 0
        entries = [struct.pack("<QQHHI", bid, place, size, 2, 0) for bid, place, size in sorted(self.blocks)]
        blocks = self._tree(0x80, 24, entries)
        mark = bytes([0x80, bool(self.encode), 0, 0])
        root_ = struct.pack("<IQQQQ", 0, len(self.file), 0x4400, 0, 0) + struct.pack("<QQQQ", *nodes, *blocks) + b"\2\0\0\0"
        head = self.client + struct.pack("<HHBBII", 23, 19, 1, 1, 0, 0) + struct.pack("<QQI", 0, self.next_bid, 1) + bytes(136)
        head += root_ + bytes(4) + b"\xff" * 256 + mark + struct.pack("<Q", self.next_bid)
        self.file[:564] = (b"!BDN" + struct.pack("<I", _crc(head[:471])) + head + struct.pack("<I", _crc(head[:516]))).ljust(
            564, b"\0"
        )
        return Written(bytes(self.file), self.tables)

    def _folder(self, folder: Folder, nid: int, parent: int) -> None:
        below = [self._next("next_folder") << 5 | 2 for _ in folder.folders]
        within = [self._next("next_message") << 5 | 4 for _ in folder.messages]
        facts = {0x3001001F: folder.name, 0x36020003: len(within), 0x36030003: 0, 0x360A000B: bool(below)}
        self._node(nid, _context(facts), parent=parent)
        for kind, ids in ((0x0D, below), (0x0E, within), (0x0F, [])):
            self._node(nid & ~0x1F | kind, _table([{} for _ in ids], ids))
        for message, one in zip(folder.messages, within, strict=True):
            self._message(message, one, nid)
        for inner, one in zip(folder.folders, below, strict=True):
            self._folder(inner, one, nid)

    def _next(self, counter: str) -> int:
        setattr(self, counter, getattr(self, counter) + 1)
        return int(getattr(self, counter))

    def _message(self, message: Message, nid: int, parent: int) -> None:
        self._node(nid, _context(message.properties), self._within(message, nid), parent)

    def _within(self, message: Message, nid: int) -> int:
        """The nodes below a message: recipients, attachments, and what these hold."""
        inner = [(_RECIPIENTS, self._block(_table(message.recipients)), 0)]
        self.tables[nid] = self.blocks[-1][1:]
        if message.attachments:
            numbered = [_FIRST_ATTACHMENT + 32 * n for n in range(len(message.attachments))]
            inner.append((_ATTACHMENTS, self._block(_table([{} for _ in numbered], numbered)), 0))
            inner += [(one, *self._attachment(each)) for one, each in zip(numbered, message.attachments, strict=True)]
        return self._list(inner)

    def _attachment(self, facts: Properties) -> tuple[int, int]:
        """Blocks of an attachment's properties, and of what lies below: a message, data too large for the heap."""
        below: list[tuple[int, int, int]] = []
        kept = dict(facts)
        for tag, value in facts.items():
            if isinstance(value, Message):
                nid = self._next("next_message") << 5 | 4
                below.append((nid, self._block(_context(value.properties)), self._within(value, nid)))
                kept[tag] = struct.pack("<II", nid, 100)
        return self._block(_context(kept)), self._list(below) if below else 0

    def _list(self, nodes: list[tuple[int, int, int]]) -> int:
        entries = b"".join(struct.pack("<QQQ", *one) for one in sorted(nodes))
        return self._block(struct.pack("<BBHI", 2, 0, len(nodes), 0) + entries, internal=True)

    def _node(self, nid: int, data: bytes, below: int = 0, parent: int = 0) -> None:
        self.nodes.append((nid, self._block(data), below, parent))

    def _block(self, data: bytes, *, internal: bool = False) -> int:
        bid = self.next_bid | (2 if internal else 0)
        data = data.translate(self.encode) if self.encode and not internal else data
        self.next_bid += 4
        place = len(self.file)
        self.file += data.ljust(-(-(len(data) + 16) // 64) * 64 - 16, b"\0")
        self.file += struct.pack("<HHIQ", len(data), _signature(place, bid), _crc(data), bid)
        self.blocks.append((bid, place, len(data)))
        return bid

    def _tree(self, kind: int, size: int, entries: list[bytes]) -> tuple[int, int]:
        """Pages of a tree of nodes or blocks: leaves, and one page above them if there are several."""
        most = 488 // size
        leaves = [entries[n : n + most] for n in range(0, len(entries), most)]
        pages = [(leaf[0][:8], self._page(kind, size, 0, leaf)) for leaf in leaves]
        if len(pages) == 1:
            return pages[0][1]
        return self._page(kind, 24, 1, [first + struct.pack("<QQ", *page) for first, page in pages])

    def _page(self, kind: int, size: int, level: int, entries: list[bytes]) -> tuple[int, int]:
        self.file += bytes(-len(self.file) % 512)
        bid, place = self.next_bid, len(self.file)
        self.next_bid += 4
        page = b"".join(entries).ljust(488, b"\0") + struct.pack("<BBBBI", len(entries), 488 // size, size, level, 0)
        self.file += page + struct.pack("<BBHIQ", kind, kind, _signature(place, bid), _crc(page), bid)
        return bid, place


class _Heap:
    """A heap on a node: pieces, each named by its place in the map at the end."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def put(self, piece: bytes) -> int:
        if not piece:
            return 0
        self.pieces.append(piece)
        return len(self.pieces) << 5

    def written(self, kind: int, root: int) -> bytes:
        body, places = b"", [12]
        for piece in self.pieces:
            body += piece
            places.append(12 + len(body))
        body += bytes(len(body) % 2)
        head = struct.pack("<HBBII", 12 + len(body), 0xEC, kind, root, 0)
        return head + body + struct.pack(f"<HH{len(places)}H", len(self.pieces), 0, *places)


def _context(properties: Properties) -> bytes:
    """A property context: a heap with a tree of properties."""
    heap = _Heap()
    head = heap.put(bytes(8))
    records = b"".join(
        struct.pack("<HHI", tag >> 16, tag & 0xFFFF, _stored(heap, value)) for tag, value in sorted(properties.items())
    )
    heap.pieces[0] = struct.pack("<BBBBI", 0xB5, 2, 6, 0, heap.put(records))
    return heap.written(0xBC, head)


def _table(rows: Sequence[Properties], ids: Sequence[int] = ()) -> bytes:
    """A table context: every column takes four octets, then a bit for each says whether it is there."""
    heap = _Heap()
    head = heap.put(bytes(22))
    tags = sorted({0x67F20003, 0x67F30003}.union(*rows))
    order = [0x67F20003, 0x67F30003, *(tag for tag in tags if tag not in {0x67F20003, 0x67F30003})]
    matrix = b""
    for n, row in enumerate(rows):
        cells = {0x67F20003: ids[n] if ids else n, 0x67F30003: 1} | row
        matrix += b"".join(struct.pack("<I", _stored(heap, cells[tag]) if tag in cells else 0) for tag in order)
        bits = sum(1 << (len(order) - 1 - at) for at, tag in enumerate(order) if tag in cells)
        matrix += (bits << (-len(order) % 8)).to_bytes(-(-len(order) // 8), "big")
    end = 4 * len(order)
    index = b"".join(struct.pack("<II", ids[n] if ids else n, n) for n in range(len(rows)))
    tree = heap.put(struct.pack("<BBBBI", 0xB5, 4, 4, 0, heap.put(index)))
    columns = b"".join(struct.pack("<IHBB", tag, 4 * order.index(tag), 4, order.index(tag)) for tag in tags)
    width = end + -(-len(order) // 8)
    heap.pieces[0] = struct.pack("<BBHHHHIII", 0x7C, len(tags), end, end, end, width, tree, heap.put(matrix), 0) + columns
    return heap.written(0x7C, head)


def _stored(heap: _Heap, value: Value) -> int:
    if isinstance(value, int):
        return value
    assert not isinstance(value, Message)
    return heap.put(value.encode("utf-16-le") if isinstance(value, str) else value)


def _crc(data: bytes) -> int:
    """The CRC-32 of [MS-PST] 5.3: begun with zero, and not inverted."""
    return zlib.crc32(data, 0xFFFFFFFF) ^ 0xFFFFFFFF


def _signature(place: int, bid: int) -> int:
    mixed = place ^ bid
    return (mixed >> 16 ^ mixed) & 0xFFFF
