"""Every line accounted for: it told something, it was of another matter, or it was not understood."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from missent.archive.logs.lines import Block
from missent.nouns.verdict import Skipped

_PROGRAM = re.compile(r"\S \S*?\w\[\d+\]: ")


@dataclass(slots=True)
class Tally:
    """Lines of one log file.

    Attributes:
        lines: all of them.
        used: those that told something.
        not_understood: those that could not be read; each is also a Skipped.
    """

    lines: int = 0
    used: int = 0
    not_understood: int = 0

    @property
    def irrelevant(self) -> int:
        """Lines that were understood and tell nothing of a handover."""
        return self.lines - self.used - self.not_understood

    def miss(self, path: str, offset: int, reason: str) -> Skipped:
        """One line that was not understood."""
        self.not_understood += 1
        return Skipped(f"{path}:{offset}", reason)

    def count(self, path: str, block: Block, head: re.Pattern[str]) -> Iterator[Skipped]:
        """Count a block's lines; those that do not begin with `head` (MULTILINE) and are not empty were not understood."""
        lines = block.text.count("\n")
        self.lines += lines
        if len(head.findall(block.text)) == lines:
            return
        offset = block.offset
        for line in block.text.split("\n"):
            if line.strip("\r\0 \t") and not head.match(line):
                yield self.miss(path, offset, "date-not-understood" if _PROGRAM.search(line) else "line-not-understood")
            offset += len(line) + 1
