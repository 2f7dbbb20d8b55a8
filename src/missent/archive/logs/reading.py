"""Log files told apart by content, and read: `LogFile.read` gives handovers, `tally` says what became of each line.

A new kind of log is a row of `LOGS` and a parser: a class made of (path, clock), with `read(block)`, `end()` and `tally`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path
from typing import NamedTuple, Protocol

from missent.archive.logs.clock import Clock, year_within
from missent.archive.logs.handover import Handover, Queued
from missent.archive.logs.lines import Block, blocks
from missent.archive.logs.postfix import Postfix
from missent.archive.logs.tally import Tally
from missent.nouns.verdict import Skipped


class Parser(Protocol):
    """Reads the blocks of one file in order."""

    tally: Tally

    def read(self, block: Block) -> Iterator[Handover | Queued | Skipped]:
        """What a block of lines tells."""
        ...

    def end(self) -> Iterator[Handover | Queued]:
        """What is told when there are no more lines."""
        ...


class LogKind(NamedTuple):
    """How a kind of log looks in its first 4 kB, unpacked, and who reads it."""

    kind: str
    looks: Callable[[bytes], object]
    parser: Callable[[str, Clock], Parser]


LOGS = (LogKind("postfix-log", re.compile(rb"\bpostfix(?:-\w+)?/(?:[\w-]+/)?\w+\[\d+\]: ").search, Postfix),)
"""In order: the first that knows the content reads it."""


@dataclass(slots=True)
class LogFile:
    """One log file.

    Attributes:
        kind: an id of `LOGS`.
        year: that of the first line, for logs without years; None guesses from the file.
        zone: of times that name none.
        name: what it is called in `where`; "" takes its path.
        tally: what became of the lines; whole when `read` has ended.
    """

    path: Path
    kind: str
    year: int | None = None
    zone: tzinfo = UTC
    name: str = ""
    tally: Tally = field(default_factory=Tally)

    def read(self) -> Iterator[Handover | Queued | Skipped]:
        """What the log tells; a file that cannot be opened, or vanishes, is a Skipped."""
        parse = next(row.parser for row in LOGS if row.kind == self.kind)
        name = self.name or str(self.path)
        try:
            parser: Parser | None = None
            for block in blocks(self.path):
                if isinstance(block, Skipped):
                    self._too_long(block)
                    yield Skipped(name + block.where.removeprefix(str(self.path)), block.reason)
                    continue
                if parser is None:
                    year = self.year or year_within(block.text)
                    parser = parse(name, Clock(year, self.path.stat().st_mtime, self.zone))
                    parser.tally = self.tally
                yield from parser.read(block)
            if parser:
                yield from parser.end()
        except OSError:
            yield Skipped(name, "cannot-be-opened")

    def _too_long(self, skipped: Skipped) -> None:
        if skipped.reason == "line-too-long":
            self.tally.lines += 1
            self.tally.not_understood += 1


_MAIL = re.compile(rb"\s*(?:From |[A-Za-z][A-Za-z0-9-]*:[ \t])")


def log_kind(first: bytes) -> str:
    """The kind of log that begins with these octets; "" if it is none. A message that quotes a log is a message."""
    return "" if _MAIL.match(first) else next((row.kind for row in LOGS if row.looks(first)), "")
