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
"""Octets of one message; of what is longer the beginning is read, since memory is bounded."""

BEGINNING = 1 << 20
"""Octets read of a message that is too large: its header, and as a rule its text."""

_USUAL = re.compile(
    rb"From [^\s\"]{1,300} +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} +\d\d? \d\d:\d\d(?::\d\d)?"
    rb"(?: [A-Z+-][A-Z0-9]{1,5})? \d{4}\r?\n"
)
_DATED = re.compile(rb"From .{0,500}?\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b.{1,20}\d\d?:\d\d.{0,40}\b\d{4}\b")
_FIELD = re.compile(rb"[!-9;-~]+:[ \t]")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_SEPARATOR = b"\nFrom "
_LINES = re.compile(rb"\n>*From ")  # one pass finds separators and quoted lines: twice as fast as two of bytes.find
_LINE = 1000


def read_mbox(path: Path, start: int = 0) -> Iterator[Item | Skipped]:
    """Messages from offset `start` (of the unpacked file) on. Raises OSError if the file cannot be read at all.

    A message of more than `LARGEST` octets is an item of its first `BEGINNING` and a Skipped, so that nothing of who wrote to
    whom is lost.
    """
    stream = Stream(path)
    rest, last = _Rest(start), b""
    for chunk in stream.chunks(start):
        if last:
            yield from _messages(path, rest, last, final=False)
        last = chunk
    yield from _messages(path, rest, last, final=True)
    if stream.damage:
        yield Skipped(f"{path}:{rest.base}", stream.damage)


def next_message(path: Path, offset: int) -> int:
    """Where the first message begins at or behind an octet of the unpacked file; its end if none does.

    So a large mailbox can be read in parts: each from `next_message(path, n)` up to that of the next part.
    """
    if offset == 0:
        return 0
    base, buffer = max(0, offset - 3), b""  # an empty line before it may make it a separator
    for chunk in Stream(path).chunks(base):
        base, buffer = base + max(0, len(buffer) - 3 * _LINE), buffer[-3 * _LINE :] + chunk
        at = buffer.find(_SEPARATOR)
        while at >= 0:
            if base + at + 1 >= offset and _body(buffer, at + 1):
                return base + at + 1
            at = buffer.find(_SEPARATOR, at + 1)
    return base + len(buffer)


class _Rest:
    """What crosses from chunk to chunk: the file from `base` on, beginning at a separator, and a message that is too large.

    Up to `scanned` the buffer was searched, and `quoted` says whether a quoted line was seen there. `cut` is the beginning of
    what is too large while it lasts, and `dropped` where it began.
    """

    __slots__ = ("base", "buffer", "cut", "dropped", "quoted", "scanned")

    def __init__(self, base: int) -> None:
        self.base = base
        self.buffer = b""
        self.scanned = 0
        self.quoted = False
        self.cut: bytes | None = None
        self.dropped = 0


def _messages(path: Path, rest: _Rest, chunk: bytes, *, final: bool) -> Iterator[Item | Skipped]:
    """Messages that are whole with this chunk: near its end a separator's lines may not be, unless it is the `final` one."""
    buffer = rest.buffer + chunk if rest.buffer else chunk
    base, place, quoted = rest.base, f"{path}:", rest.quoted
    begin, first = 0, 0 if rest.cut is not None else _body(buffer, 0)
    last = len(buffer) if final else max(0, len(buffer) - 2 * _LINE)
    for found in _LINES.finditer(buffer, rest.scanned, last):
        at, behind = found.span()
        if behind - at > len(_SEPARATOR):
            quoted = True
            continue
        end = at + 1
        body = _body(buffer, end)
        if not body:
            continue
        if rest.cut is not None:
            yield from _too_large(place, rest, base + end)
        else:
            raw = buffer[first : _end(buffer, first, end)]
            yield Item(_QUOTED.sub(rb"\1", raw) if quoted else raw, place + str(base + begin), base + end)
        begin, first, quoted = end, body, False
    rest.buffer, rest.base, rest.quoted = buffer[begin:], base + begin, quoted
    rest.scanned = max(0, last - begin - len(_SEPARATOR))
    if final:
        yield from _last(place, rest)
    elif len(rest.buffer) > (LARGEST if rest.cut is None else 3 * _LINE):
        _drop(rest)


def _last(place: str, rest: _Rest) -> Iterator[Item | Skipped]:
    end = len(rest.buffer)
    if rest.cut is not None:
        yield from _too_large(place, rest, rest.base + end)
    elif rest.buffer.strip():
        first = _body(rest.buffer, 0)
        raw = rest.buffer[first : _end(rest.buffer, first, end)]
        yield Item(_QUOTED.sub(rb"\1", raw) if b">From " in raw else raw, place + str(rest.base), rest.base + end)
    rest.base += end


def _too_large(place: str, rest: _Rest, end: int) -> Iterator[Item | Skipped]:
    where, raw = place + str(rest.dropped), rest.cut or b""
    rest.cut = None
    yield Item(_QUOTED.sub(rb"\1", raw), where, end)
    yield Skipped(where, "too-large")


def _drop(rest: _Rest) -> None:
    """Forget a too large message but for its beginning and the octets in which the next separator may begin."""
    if rest.cut is None:
        first = _body(rest.buffer, 0)
        rest.cut, rest.dropped = rest.buffer[first : first + BEGINNING], rest.base
    gone = len(rest.buffer) - 3 * _LINE
    rest.buffer = rest.buffer[gone:]
    rest.base += gone
    rest.scanned = max(0, rest.scanned - gone)


def _end(buffer: bytes, first: int, end: int) -> int:
    """The end of a message without the empty line that is the separator's."""
    if end - first >= 2 and buffer[end - 2 : end] == b"\n\n":
        return end - 1
    return end - 2 if end - first >= 3 and buffer[end - 3 : end] == b"\n\r\n" else end


def _body(buffer: bytes, at: int) -> int:
    """Where the message behind the separator line at `at` begins; 0 if the line is none."""
    usual = _USUAL.match(buffer, at)
    if usual:
        return usual.end()
    if not buffer.startswith(b"From ", at):
        return 0
    end = buffer.find(b"\n", at, at + _LINE)
    if at == 0:
        return end + 1 or len(buffer)
    if end < 0:
        return 0
    if _DATED.match(buffer, at, end):
        return end + 1
    behind_empty = buffer[max(0, at - 2) : at] == b"\n\n" or buffer[max(0, at - 3) : at] == b"\n\r\n"
    return end + 1 if behind_empty and _FIELD.match(buffer, end + 1, end + 1 + _LINE) else 0
