"""Writes small compound files ([MS-CFB]) with all streams in the mini stream or in sectors of their own, as Outlook does."""

import struct
from collections.abc import Mapping

Tree = Mapping[str, "bytes | Tree"]

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(tree: Tree) -> bytes:
    """The octets of a compound file with these streams and storages."""
    return _Writer().written(tree)


class _Writer:
    def __init__(self) -> None:
        self.entries: list[list[object]] = [
            ["Root Entry", 5, _FREE, _FREE, 0]
        ]  # name, type, right sibling, child, (start, size)
        self.sectors: list[bytes] = []
        self.fat: list[int] = []
        self.mini = b""
        self.mini_fat: list[int] = []

    def written(self, tree: Tree) -> bytes:
        self.entries[0][3] = self._level(tree)
        self.entries[0][4] = (self._chain(self.mini), len(self.mini))
        mini_fat = self._chain(struct.pack(f"<{len(self.mini_fat)}I", *self.mini_fat)) if self.mini_fat else _END
        directory = self._chain(b"".join(map(self._entry, self.entries)))
        place = len(self.sectors)
        fats = 1
        while (place + fats) > fats * 128:
            fats += 1
        self.fat += [_FAT] * fats
        self.fat += [_FREE] * (fats * 128 - len(self.fat))
        table = struct.pack(f"<{len(self.fat)}I", *self.fat)
        head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
        head += struct.pack("<IIIIIIIII", 0, fats, directory, 0, _CUTOFF, mini_fat, -(-len(self.mini_fat) // 128), _END, 0)
        head += struct.pack("<109I", *range(place, place + fats), *[_FREE] * (109 - fats))
        return head + b"".join(self.sectors) + table

    def _level(self, tree: Tree) -> int:
        """Siblings as a chain to the right, in the order the format asks for."""
        following = _FREE
        for name in sorted(tree, key=lambda one: (len(one), one.upper()), reverse=True):
            content = tree[name]
            if isinstance(content, bytes):
                self.entries.append([name, 2, following, _FREE, self._stored(content)])
                following = len(self.entries) - 1
            else:
                self.entries.append([name, 1, following, _FREE, (0, 0)])
                following = len(self.entries) - 1
                self.entries[following][3] = self._level(content)
        return following

    def _stored(self, content: bytes) -> tuple[int, int]:
        if len(content) >= _CUTOFF:
            return self._chain(content), len(content)
        first = len(self.mini_fat)
        count = -(-len(content) // _MINI)
        self.mini += content.ljust(count * _MINI, b"\0")
        self.mini_fat += [*range(first + 1, first + count), _END][:count]
        return (first if count else _END), len(content)

    def _chain(self, content: bytes) -> int:
        if not content:
            return _END
        first, count = len(self.sectors), -(-len(content) // _SECTOR)
        self.sectors += [content[n * _SECTOR : (n + 1) * _SECTOR].ljust(_SECTOR, b"\0") for n in range(count)]
        self.fat += [*range(first + 1, first + count), _END]
        return first

    @staticmethod
    def _entry(entry: list[object]) -> bytes:
        name, kind, right, child, place = entry
        start, size = place  # type: ignore[misc]
        text = str(name).encode("utf-16-le")
        return (
            text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text) + 2, kind, 1, _FREE, right, child) + bytes(36)
            + struct.pack("<IQ", start, size)
        )  # fmt: skip
