"""How single files are packed, told by their first octets; each unpacks with bounded output and knows its own end."""

import bz2
import lzma
import zlib
from collections.abc import Callable
from typing import NamedTuple, Protocol

_MEMORY = 128 << 20
"""Octets xz may take for its dictionary: `xz -9` needs 65 MB."""


class Unpacker(Protocol):
    """One packed stream, as `bz2.BZ2Decompressor` has it."""

    @property
    def eof(self) -> bool:
        """Whether the packed stream has ended."""
        ...

    @property
    def needs_input(self) -> bool:
        """Whether more can only come of more octets."""
        ...

    @property
    def unused_data(self) -> bytes:
        """What stands behind the end."""
        ...

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """At most so many octets more; with `needs_input` False call it again with b""."""
        ...


class Packing(NamedTuple):
    """A kind of packing.

    Attributes:
        kind: as its reasons name it: `damaged-gzip`, `truncated-gzip`.
        magic: first octets.
        make: a new Unpacker; raises ImportError where its library is not installed.
        padding: what may stand behind the end and means nothing.
    """

    kind: str
    magic: bytes
    make: Callable[[], Unpacker]
    padding: bytes = b"\0"


class _Gzip:
    """gzip (RFC 1952) with the interface of the others."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(31)
        self.eof = False
        self.needs_input = True
        self.unused_data = b""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """See `Unpacker`. Raises zlib.error."""
        out = self._member.decompress(self._member.unconsumed_tail + data, max_length)
        self.eof, self.unused_data = self._member.eof, self._member.unused_data
        self.needs_input = not self.eof and len(out) < max_length
        return out


def _zstd() -> Unpacker:
    from backports.zstd import ZstdDecompressor

    return ZstdDecompressor()


def damages() -> tuple[type[Exception], ...]:
    """What the unpackers raise for damaged octets."""
    try:
        from backports.zstd import ZstdError
    except ImportError:
        return (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError)
    return (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, ZstdError)


PACKINGS = (
    Packing("gzip", b"\x1f\x8b", _Gzip),
    Packing("bzip2", b"BZh", bz2.BZ2Decompressor),
    Packing("xz", b"\xfd7zXZ\0", lambda: lzma.LZMADecompressor(memlimit=_MEMORY)),
    Packing("zstd", b"\x28\xb5\x2f\xfd", _zstd),
)
"""A new packing is a row."""


def packing_of(first: bytes) -> Packing | None:
    """The packing of a file that begins so; None if it is none that is known."""
    return next((one for one in PACKINGS if first.startswith(one.magic)), None)
