"""Log files told apart by content, and read: `LogFile.read` gives handovers, `tally` says what became of each line.

A new kind of log is a row of `LOGS` and a parser: a class made of (path, clock), with `read(block)`, `end()` and `tally`.
"""

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path
from typing import NamedTuple, Protocol

from missent.archive.logs.clock import Clock, year_within
from missent.archive.logs.exchange import Exchange
from missent.archive.logs.exim import Exim
from missent.archive.logs.handover import Handover, Queued
from missent.archive.logs.lines import UTF16, Block, blocks
from missent.archive.logs.postfix import Postfix
from missent.archive.logs.sendmail import Sendmail
from missent.archive.logs.tally import Tally
from missent.archive.logs.trace import Trace
from missent.archive.logs.workspace import Workspace
from missent.archive.objects import known
from missent.nouns.verdict import Skipped


class Parser(Protocol):
    """Reads the blocks of one file in order."""

    tally: Tally

    def read(self, block: Block) -> Iterator[Handover | Queued | Skipped]:
        """What a block of lines tells."""
        ...

    def end(self) -> Iterator[Handover | Queued | Skipped]:
        """What is told when there are no more lines."""
        ...


class LogKind(NamedTuple):
    """How a kind of log looks in its first 4 kB, unpacked, and who reads it."""

    kind: str
    looks: Callable[[bytes], object]
    parser: Callable[[str, Clock], Parser]


def _table(*columns: bytes) -> Callable[[bytes], object]:
    """Whether the first line names all these columns, in any order."""
    patterns = [re.compile(b"(?i)" + column) for column in columns]
    return lambda first: all(pattern.search(first.partition(b"\n")[0]) for pattern in patterns)


_EXPORT = re.compile(
    rb"(?i)(?:#TYPE [^\n]*\n)?(?=[^\n]*\bEventId\b)(?=[^\n]*\bMessageId\b)[^\n]*\bTimestamp\b",
).match
"""What `Get-MessageTrackingLog | Export-Csv` begins with: names without hyphens, perhaps behind a line with the type."""

LOGS = (
    LogKind(
        "exchange-log", re.compile(rb"(?i)(?:^|\n)(?:#Fields: ?|\"?)date[-_]time(?:_utc)?\"?,.*event[-_]id").search, Exchange
    ),
    LogKind("exchange-log", _EXPORT, Exchange),
    LogKind("trace-log", _table(rb"message.?(?:trace)?.?id", rb"sender.?address", rb"recipient.?(?:address|status)"), Trace),
    LogKind("workspace-log", _table(rb"message id", rb"start date", rb"event target"), Workspace),
    LogKind("postfix-log", re.compile(rb"\bpostfix(?:-\w+)?/(?:[\w-]+/)?\w+\[\d+\]: ").search, Postfix),
    LogKind(
        "exim-log",
        re.compile(rb"\d\d:\d\d:\d\d\S* (?:[+-]\d{4} )?(?:\[\d+\] )?\w{6}-(?:\w{6}-\w\w|\w{11}-\w{4}) ").search,
        Exim,
    ),
    LogKind("sendmail-log", re.compile(rb" (?:sendmail|sm-mta|sm-msp-queue)\S*\[\d+\]: \w{12,17}: ").search, Sendmail),
)
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
                    parser = parse(name, Clock(year, known(self.path).changed, self.zone))
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
    if first.startswith(UTF16):
        first = first.decode("utf-16", "replace").encode()
    first = first.removeprefix(codecs.BOM_UTF8)
    return "" if _MAIL.match(first) else next((row.kind for row in LOGS if row.looks(first)), "")
