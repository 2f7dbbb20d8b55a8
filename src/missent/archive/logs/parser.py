"""What parsers of line logs share: the lines that tell something are found by one pattern, all are counted by another."""

import re
from collections.abc import Iterator
from typing import ClassVar

from missent.archive.logs.clock import Clock
from missent.archive.logs.handover import Handover, Queued
from missent.archive.logs.lines import Block
from missent.archive.logs.tally import Tally
from missent.archive.logs.waiting import Open, Waiting
from missent.nouns.verdict import Skipped

Told = Handover | Queued | Skipped


class LineParser:
    """Reads one file block by block; `tally` counts what became of each line.

    A kind of log says how its lines begin (`head`), which of them tell something (`tells`, with a group
    `stamp`), and what they tell (`line`).
    """

    head: ClassVar[re.Pattern[str]]
    tells: ClassVar[re.Pattern[str]]

    def __init__(self, path: str, clock: Clock) -> None:
        self.tally = Tally()
        self.path = path
        self.clock = clock
        self.waiting = Waiting(self.dated)

    def read(self, block: Block) -> Iterator[Told]:
        """What a block of lines tells."""
        for found in self.tells.finditer(block.text):
            offset = block.offset + found.start()
            at = self.clock.read(found["stamp"])
            if at is None:
                yield self.tally.miss(self.path, offset, "date-not-understood")
            else:
                self.tally.used += 1
                yield from self.line(found, at, f"{self.path}:{offset}")
        yield from self.tally.count(self.path, block, self.head)
        yield from self.waiting.overflow()

    def line(self, found: re.Match[str], at: float, where: str) -> Iterator[Handover]:
        """What one line tells."""
        raise NotImplementedError

    def dated(self, one: Open) -> Open:
        """A message with time and host; a kind that only kept its first line's beginning reads it here."""
        return one

    def end(self) -> Iterator[Told]:
        """What is still queued where the file ends."""
        yield from self.waiting.rest()
