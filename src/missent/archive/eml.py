"""A file that is one message (RFC 5322)."""

import re
from collections.abc import Iterator
from pathlib import Path

from missent.archive.item import Item
from missent.archive.mbox import BEGINNING, LARGEST
from missent.archive.streams import Stream
from missent.nouns.verdict import Skipped

_FIELDS = re.compile(rb"\s*(?:[!-9;-~]+[ \t]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n){2}|\s*[!-9;-~]+:[ \t]")


def looks(first: bytes) -> bool:
    """Whether a file begins with header fields."""
    return bool(_FIELDS.match(first.removeprefix(b"\xef\xbb\xbf")))


def read_eml(path: Path, start: int = 0) -> Iterator[Item | Skipped]:
    """The one message, also packed; an mbox separator left at its top is passed over by who reads it.

    Of a message that is too large its beginning is the item, and it is a Skipped as well. Raises OSError.
    """
    if start:
        return
    stream, raw, size = Stream(path), bytearray(), 0
    for chunk in stream.chunks():
        size += len(chunk)
        raw += chunk[: max(0, LARGEST - len(raw))]
    if size > LARGEST:
        yield Item(bytes(raw[:BEGINNING]), str(path), size)
        yield Skipped(str(path), "too-large")
    elif raw:
        yield Item(bytes(raw), str(path), size)
    if stream.damage:
        yield Skipped(str(path), stream.damage)
