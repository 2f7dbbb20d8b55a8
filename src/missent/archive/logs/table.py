"""What logs that are tables share: comma-separated rows under a line of names (RFC 4180), as Exchange and others write."""

import codecs
import csv
import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import ClassVar

from missent.archive.logs.clock import Clock
from missent.archive.logs.handover import Handover, Queued
from missent.archive.logs.lines import Block, told
from missent.archive.logs.tally import Tally
from missent.nouns.verdict import Skipped

_NOT_WORD = re.compile(r"[^a-z0-9]+")

_BOM = codecs.BOM_UTF8.decode("latin-1")

Row = dict[str, str]
"""A row's fields by the names of its columns, lower case, words joined by `_`."""


def column(name: str) -> str:
    """A column's name as rows have it: `Message ID`, `message-id` and `MessageId` are one.

    >>> column("Message ID"), column("message-id"), column("MessageId")
    ('message_id', 'message_id', 'message_id')
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.strip())
    return _NOT_WORD.sub("_", spaced.lower()).strip("_")


class TableParser:
    """Reads one file block by block; `tally` counts what became of each line.

    A kind of table says which column has a row's time (the first there is of `times`), and what a row tells (`row`).
    """

    times: ClassVar[tuple[str, ...]]

    def __init__(self, path: str, clock: Clock) -> None:
        self.tally = Tally()
        self.path = path
        self._clock = clock
        self._columns: list[str] = []

    def read(self, block: Block) -> Iterator[Handover | Queued | Skipped]:
        """What a block of lines tells."""
        lines = [line + "\n" for line in block.text.split("\n")[:-1]]
        self.tally.lines += len(lines)
        reader = csv.reader(lines)
        offset, seen = block.offset, 0
        while True:
            try:
                fields = next(reader, None)
            except csv.Error:  # a NUL octet, a field of 128 kB
                fields = [""]
            if fields is None:
                return
            yield from self._fields(fields, offset)
            offset, seen = offset + sum(map(len, lines[seen : reader.line_num])), reader.line_num

    def end(self) -> Iterator[Handover | Queued | Skipped]:
        """A table keeps nothing back."""
        return iter(())

    def row(self, row: Row, at: float, where: str) -> Iterator[Handover]:
        """What one row tells."""
        raise NotImplementedError

    def _fields(self, fields: list[str], offset: int) -> Iterator[Handover | Skipped]:
        if not any(fields):
            if fields == [""]:
                yield self.tally.miss(self.path, offset, "line-not-understood")
            return
        fields[0] = fields[0].removeprefix(_BOM)
        if fields[0].startswith("#") and not fields[0].lower().startswith("#fields:"):
            return
        if not self._columns or fields[0].lower().startswith("#fields:"):
            self._columns = [column(name) for name in (re.sub(r"(?i)^#fields:", "", fields[0]), *fields[1:])]
            return
        if len(fields) > len(self._columns):
            yield self.tally.miss(self.path, offset, "line-not-understood")
            return
        row = {name: told(field) for name, field in zip_longest(self._columns, fields, fillvalue="")}
        at = self._clock.read(next((row[name] for name in self.times if row.get(name)), ""))
        if at is None:
            yield self.tally.miss(self.path, offset, "date-not-understood")
            return
        handovers = list(self.row(row, at, f"{self.path}:{offset}"))
        self.tally.used += bool(handovers)
        yield from handovers


def many(text: str) -> list[str]:
    """A field that holds several values, parted by semicolons."""
    return [one.strip() for one in text.split(";") if one.strip()]


def address(text: str) -> str:
    """An address without brackets; "" for the null reverse-path."""
    return text.strip().strip("<>").strip()
