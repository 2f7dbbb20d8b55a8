"""The header section as bytes: where it ends, and which field stands where.

Everything that decides about recipients is read from here, so nothing is copied, unfolded or re-encoded: a field is a
span of the message, and a corrected copy can replace an address without touching its neighbours. Every expression
consumes what it looks at, so that time is linear in the header whatever it holds.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_EMPTY_LINE = re.compile(rb"\n\r?\n")
_VALUE = rb"([^\r\n]*+(?:(?:\r\n|\n|\r)[ \t][^\r\n]*+)*+)"
_LINE = re.compile(rb"([!-9;-~]++)[ \t]*+:" + _VALUE + rb"|[^\r\n]+")
_LATE = re.compile(rb"(?<=[\r\n])((?i:from|sender|to|cc|bcc))[ \t]*:" + _VALUE)
_ADDRESSES = frozenset({b"from", b"sender", b"to", b"cc", b"bcc"})
_FOLD = re.compile(rb"[\r\n]+[ \t]*")


class Field(NamedTuple):
    """One header field: lower-case name, and where its value stands in the message (folds included)."""

    name: bytes
    start: int
    end: int


class Section(NamedTuple):
    """A header section (RFC 5322 2.1).

    Attributes:
        fields: in order.
        body: offset of the first octet after the empty line.
        ended: False where no empty line was found and something that is no field had to be taken as the body's start.
        whole: False where the limit was passed: only address fields are read beyond it, and whole however long.
    """

    fields: list[Field]
    body: int
    ended: bool
    whole: bool


def section(raw: bytes, limit: int) -> Section:
    """Read the header section at the start of `raw`.

    Lines that are no fields (an mbox separator, a lost colon) are passed over while an empty line follows somewhere,
    since mail programs differ and a recipient one of them shows is a recipient. White space before the colon and bare CR as a
    line end are understood.
    """
    end, body = _end(raw)
    fields: list[Field] = []
    for match in _LINE.finditer(raw, 0, end):
        start = match.start()
        if start > limit:
            fields.extend(_late(raw, start, end))
            return Section(fields, body, ended=True, whole=False)
        if match.lastindex:
            fields.append(Field(match[1].lower(), *match.span(2)))
        elif end == len(raw) and not _separator(match[0]):
            return Section(fields, start, ended=False, whole=True)
    whole = end <= limit or all(field.end - field.start <= limit or field.name in _ADDRESSES for field in fields)
    return Section(fields, body, ended=True, whole=whole)


def unfold(value: bytes) -> bytes:
    """A field's value on one line, as it was meant (RFC 5322 2.2.3)."""
    return _FOLD.sub(b" ", value).strip()


def _end(raw: bytes) -> tuple[int, int]:
    """Where the fields end and where the body starts."""
    if raw.startswith((b"\n", b"\r\n")):
        return 0, 1 + (raw[:1] == b"\r")
    if found := _EMPTY_LINE.search(raw):
        return found.start(), found.end()
    if (bare := raw.find(b"\r\r")) >= 0:
        return bare, bare + 2
    return len(raw), len(raw)


def _late(raw: bytes, start: int, end: int) -> Iterator[Field]:
    for match in _LATE.finditer(raw, start, end):
        yield Field(match[1].lower(), *match.span(2))


def _separator(line: bytes) -> bool:
    """An mbox separator that was left at the top; sendmail and Mutt quote it with `>`."""
    return line.startswith((b"From ", b">From "))
