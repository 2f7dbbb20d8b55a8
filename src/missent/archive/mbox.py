"""mbox files (RFC 4155 and its dialects) at the speed of a string search, in bounded memory.

A separator is a line `From …` that carries a date, or stands behind an empty line and before a header field: prose that
begins a line with "From" is no new message. Quoting is undone as mboxrd has it, which undoes mboxo's too.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from missent.archive.item import Item
from missent.archive.streams import Stream
from missent.nouns.verdict import Skipped

LARGEST = 128 << 20
"""Octets of one message; what is longer is skipped, since memory is bounded (twice this while a chunk is added)."""

_DATED = re.compile(rb"From .{0,500}?\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b.{1,20}\d\d?:\d\d.{0,40}\b\d{4}\b")
_FIELD = re.compile(rb"[!-9;-~]+:[ \t]")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_SEPARATOR = b"\nFrom "
_LINE = 1000


def read_mbox(path: Path, start: int = 0) -> Iterator[Item | Skipped]:
    """Messages from offset `start` (of the unpacked file) on. Raises OSError if the file cannot be read at all."""
    return _Mbox(path, start).items()


def next_message(path: Path, offset: int) -> int | None:
    """Where the first message at or behind an octet of a plain file begins; None if there is none within 128 MB.

    So a large mailbox is cut into ranges that are read side by side. Raises OSError if the file cannot be read.
    """
    base = max(0, offset - _LINE)
    buffer = b""
    for chunk in Stream(path).chunks(start=base):
        scanned = max(0, len(buffer) - _LINE - len(_SEPARATOR))
        buffer += chunk
        at = buffer.find(_SEPARATOR, scanned, len(buffer) - _LINE)
        while at >= 0:
            if base + at + 1 >= offset and _separates(buffer, at + 1):
                return base + at + 1
            at = buffer.find(_SEPARATOR, at + 1, len(buffer) - _LINE)
        if len(buffer) > LARGEST:
            return None
    return None


class _Mbox:
    """One pass: `buffer` holds the file from offset `base` on, beginning at a separator."""

    def __init__(self, path: Path, start: int) -> None:
        self.path = path
        self.start = start
        self.buffer = b""
        self.base = start
        self.dropped = -1  # where the message began that is too large, while it lasts

    def items(self) -> Iterator[Item | Skipped]:
        stream = Stream(self.path)
        for chunk in stream.chunks(start=self.start):
            scanned = max(0, len(self.buffer) - _LINE - len(_SEPARATOR))
            self.buffer += chunk
            yield from self._complete(scanned, len(self.buffer) - _LINE)
        yield from self._complete(max(0, len(self.buffer) - 2 * _LINE), len(self.buffer))
        if self.buffer.strip():
            yield self._message(0, len(self.buffer))
        if stream.damage:
            yield Skipped(f"{self.path}:{self.base + len(self.buffer)}", stream.damage)

    def _complete(self, scanned: int, last: int) -> Iterator[Item | Skipped]:
        """Messages that end before `last`: behind it the separator's lines may not be whole yet."""
        buffer, begin = self.buffer, 0
        at = buffer.find(_SEPARATOR, scanned, last)
        while at >= 0:
            if _separates(buffer, at + 1):
                yield self._message(begin, at + 1)
                begin = at + 1
            at = buffer.find(_SEPARATOR, at + 1, last)
        self.buffer = buffer[begin:]
        self.base += begin
        if len(self.buffer) > LARGEST:
            self._drop()

    def _drop(self) -> None:
        """Forget a too large message but for the octets in which the next separator may begin."""
        if self.dropped < 0:
            self.dropped = self.base
        gone = len(self.buffer) - 2 * _LINE
        self.buffer = self.buffer[gone:]
        self.base += gone

    def _message(self, begin: int, end: int) -> Item | Skipped:
        if self.dropped >= 0:
            where, self.dropped = f"{self.path}:{self.dropped}", -1
            return Skipped(where, "too-large")
        buffer = self.buffer
        first = begin
        if buffer.startswith(b"From ", begin):
            first = buffer.find(b"\n", begin, end) + 1 or end
        raw = buffer[first:end]
        if raw.endswith((b"\n\n", b"\n\r\n")):  # the empty line is the separator's
            raw = raw[: -2 if raw.endswith(b"\r\n") else -1]
        if b">From " in raw:
            raw = _QUOTED.sub(rb"\1", raw)
        return Item(raw, f"{self.path}:{self.base + begin}", self.base + end)


def _separates(buffer: bytes, at: int) -> bool:
    """Whether the line at `at` begins a message."""
    end = buffer.find(b"\n", at, at + _LINE)
    if end < 0:
        return False
    if _DATED.match(buffer, at, end):
        return True
    behind_empty = buffer[max(0, at - 2) : at] == b"\n\n" or buffer[max(0, at - 3) : at] == b"\n\r\n"
    return behind_empty and bool(_FIELD.match(buffer, end + 1, end + 1 + _LINE))
