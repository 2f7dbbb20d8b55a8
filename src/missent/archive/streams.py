"""A file as chunks of what is in it, unpacked where it is packed: bounded memory, and a damaged end costs only itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from missent.archive.objects import opened
from missent.archive.packings import Packing, damages, packing_of

CHUNK = 4 << 20
FIRST = 16 << 10
"""Octets of the first chunk; each is twice the one before, up to `CHUNK`: who wants one message reads no megabytes."""


class Stream:
    """One file read once, in order.

    Attributes:
        damage: why the rest could not be read, "" while nothing is wrong; known when `chunks` has ended.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.damage = ""

    def chunks(self, start: int = 0, size: int = CHUNK) -> Iterator[bytes]:
        """At most `size` octets at a time, from octet `start` of what is in it. Raises OSError if it cannot be opened.

        A file that grows is read to the end it has when that is reached; one that cannot be read on (a disk, a share that
        went away) is damaged from there.
        """
        with opened(self.path) as file:
            packing = packing_of(file.read(8))
            file.seek(0 if packing else start)
            if packing:
                yield from _behind(start, self._unpacked(iter(lambda: file.read(size), b""), size, packing))
            else:
                yield from self._plain(_growing(file, size))

    def _plain(self, data: Iterator[bytes]) -> Iterator[bytes]:
        while True:
            try:
                chunk = next(data, b"")
            except OSError:
                self.damage = "went-away"
                return
            if not chunk:
                return
            yield chunk

    def _unpacked(self, packed: Iterator[bytes], size: int, packing: Packing) -> Iterator[bytes]:
        """Members of a packed file one after another."""
        try:
            unpacker = packing.make()
        except ImportError:
            self.damage = "reader-not-installed"
            return
        broken, begun = damages(), False
        for chunk in self._plain(packed):
            data = chunk if begun else chunk.lstrip(packing.padding)
            while data or not unpacker.needs_input:
                try:
                    out = unpacker.decompress(data, size)
                except broken:
                    self.damage = f"damaged-{packing.kind}"
                    return
                if out:
                    yield out
                data, begun = b"", True
                if unpacker.eof:
                    data, begun, unpacker = unpacker.unused_data.lstrip(packing.padding), False, packing.make()
        if begun and not self.damage:
            self.damage = f"truncated-{packing.kind}"


def _growing(file: IO[bytes], most: int) -> Iterator[bytes]:
    size = min(FIRST, most)
    while chunk := file.read(size):
        yield chunk
        size = min(2 * size, most)


def _behind(start: int, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Chunks without their first `start` octets: what is packed is to be unpacked from its beginning."""
    for chunk in chunks:
        if start < len(chunk):
            yield chunk[start:] if start > 0 else chunk
        start -= len(chunk)


def head(path: Path, size: int = 4096) -> bytes:
    """The first octets, unpacked as far as they can be. Raises OSError if the file cannot be opened."""
    out = b""
    for chunk in Stream(path).chunks(size=size):
        out += chunk
        if len(out) >= size:
            break
    return out[:size]
