"""A log as blocks of whole lines, each with the octet where it begins.

Text is read as Latin-1, so that octets and characters are the same places; `told` puts a field right that is UTF-8.
"""

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from missent.archive.streams import Stream
from missent.nouns.verdict import Skipped

UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

LONGEST = 1 << 16
"""Octets of a line; what is longer is no log line, and is skipped."""


class Block(NamedTuple):
    """Whole lines, the last with its end; `offset` is that of the first octet in the unpacked file."""

    offset: int
    text: str


def blocks(path: Path, start: int = 0) -> Iterator[Block | Skipped]:
    """The lines from offset `start` on, some megabytes at a time. Raises OSError if the file cannot be opened."""
    stream = Stream(path)
    rest, base, long = b"", start, False
    for chunk in _as_utf8(stream.chunks(start)):
        data = rest + chunk
        end = data.rfind(b"\n") + 1
        rest = data[end:]
        if end:
            first = data.find(b"\n") + 1 if long else 0
            yield from _block(path, base + first, data[first:end])
            long = False
        base += end
        if len(rest) > LONGEST:
            if not long:
                yield Skipped(f"{path}:{base}", "line-too-long")
            base, rest, long = base + len(rest), b"", True
    if rest and not long:
        yield from _block(path, base, rest + b"\n")
    if stream.damage:
        yield Skipped(f"{path}:{base}", stream.damage)


def _as_utf8(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Chunks of UTF-16, as Microsoft exports tables, made UTF-8; offsets are then those of the UTF-8."""
    decoder = None
    for n, chunk in enumerate(chunks):
        if n == 0 and chunk.startswith(UTF16):
            decoder = codecs.getincrementaldecoder("utf-16")("replace")
        yield decoder.decode(chunk).encode("utf-8", "replace") if decoder else chunk


def _block(path: Path, offset: int, data: bytes) -> Iterator[Block | Skipped]:
    """One block; a line in it that is too long is left out."""
    if len(data) <= LONGEST:
        yield Block(offset, data.decode("latin-1"))
        return
    begin = at = 0
    while at < len(data):
        end = data.rfind(b"\n", at, at + LONGEST) + 1
        if not end:  # no line ends within the limit
            if begin < at:
                yield Block(offset + begin, data[begin:at].decode("latin-1"))
            yield Skipped(f"{path}:{offset + at}", "line-too-long")
            end = begin = data.find(b"\n", at) + 1 or len(data)
        at = end
    if begin < at:
        yield Block(offset + begin, data[begin:at].decode("latin-1"))


def told(field: str) -> str:
    """A field as its writer meant it: UTF-8 (RFC 6531) where it is, else Latin-1; NUL octets are left out."""
    if field.isascii():
        return field.replace("\0", "") if "\0" in field else field
    try:
        return field.encode("latin-1").decode("utf-8").replace("\0", "")
    except UnicodeDecodeError:
        return field.replace("\0", "")
