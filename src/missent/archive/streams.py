"""A file as chunks of what is in it, unpacked where it is gzip: bounded memory, and a damaged end costs only itself."""

import zlib
from collections.abc import Iterator
from pathlib import Path

CHUNK = 4 << 20
GZIP = b"\x1f\x8b"


class Stream:
    """One file read once, in order.

    Attributes:
        damage: why the rest could not be read, "" while nothing is wrong; known when `chunks` has ended.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.damage = ""

    def chunks(self, size: int = CHUNK, *, start: int = 0) -> Iterator[bytes]:
        """At most `size` octets at a time, from octet `start` of what is unpacked; a plain file is not read up to there.

        Raises OSError if the file cannot be opened.
        """
        with self.path.open("rb") as file:
            packed = file.read(2) == GZIP
            file.seek(0 if packed else start)
            data = iter(lambda: file.read(size), b"")
            yield from _from(self._unpacked(data, size), start) if packed else data

    def _unpacked(self, packed: Iterator[bytes], size: int) -> Iterator[bytes]:
        """Members of a gzip file one after another (RFC 1952)."""
        member = None
        for chunk in packed:
            data = chunk
            while data:
                member = member or zlib.decompressobj(31)
                try:
                    out = member.decompress(data, size)
                except zlib.error:
                    self.damage = "damaged-gzip"
                    return
                if out:
                    yield out
                data = member.unconsumed_tail
                if member.eof:
                    data, member = member.unused_data.lstrip(b"\0"), None  # tape padding
        if member:
            yield member.flush()
            self.damage = "" if member.eof else "truncated-gzip"


def _from(chunks: Iterator[bytes], start: int) -> Iterator[bytes]:
    """What stands behind the first `start` octets."""
    for chunk in chunks:
        if start < len(chunk):
            yield chunk[start:] if start else chunk
        start = max(0, start - len(chunk))


def head(path: Path, size: int = 4096) -> bytes:
    """The first octets, unpacked as far as they can be. Raises OSError if the file cannot be opened."""
    out = b""
    for chunk in Stream(path).chunks(size):
        out += chunk
        if len(out) >= size:
            break
    return out[:size]
