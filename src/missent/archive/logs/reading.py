"""Log files told apart by content, and read: `LogFile.read` gives handovers, `tally` says what became of each line.

A new kind of log is a row of `LOGS` and a parser: a class made of (path, clock), with `read(block)`, `end()` and `tally`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path
from typing import NamedTuple, Protocol

from missent.archive.logs.clock import Clock
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
        tally: what became of the lines; whole when `read` has ended.
    """

    path: Path
    kind: str
    year: int | None = None
    zone: tzinfo = UTC
    tally: Tally = field(default_factory=Tally)

    def read(self) -> Iterator[Handover | Queued | Skipped]:
        """What the log tells; a file that cannot be opened, or vanishes, is a Skipped."""
        parse = next(row.parser for row in LOGS if row.kind == self.kind)
        try:
            parser = parse(str(self.path), Clock(self.year, self.path.stat().st_mtime, self.zone))
            self.tally = parser.tally
            for block in blocks(self.path):
                if isinstance(block, Skipped):
                    self.tally.not_understood += block.reason == "line-too-long"
                    self.tally.lines += block.reason == "line-too-long"
                    yield block
                else:
                    yield from parser.read(block)
            yield from parser.end()
        except OSError:
            yield Skipped(str(self.path), "cannot-be-opened")


_MAIL = re.compile(rb"\s*(?:From |[A-Za-z][A-Za-z0-9-]*:[ \t])")


def log_kind(first: bytes) -> str:
    """The kind of log that begins with these octets; "" if it is none. A message that quotes a log is a message."""
    return "" if _MAIL.match(first) else next((row.kind for row in LOGS if row.looks(first)), "")
