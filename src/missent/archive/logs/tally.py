"""Every line accounted for: it told something, it was of another matter, or it was not understood."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

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
        """Count a block's lines; those that do not begin with `head` and are not empty were not understood.

        A line that begins otherwise is rare: one search for it costs less than looking at each.
        """
        text = block.text
        self.lines += text.count("\n")
        other = _others(head)
        begin = 0 if text and not head.match(text) else _next(other, text, 0)
        while 0 <= begin < len(text):
            end = text.find("\n", begin)
            line = text[begin:end]
            if line.strip("\r\0 \t"):
                reason = "date-not-understood" if _PROGRAM.search(line) else "line-not-understood"
                yield self.miss(path, block.offset + begin, reason)
            begin = _next(other, text, end)


@lru_cache
def _others(head: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(rf"\n(?!{head.pattern})")


def _next(other: re.Pattern[str], text: str, at: int) -> int:
    """Where the next line begins that is another one, behind the line end at or after `at`; the end is none."""
    found = other.search(text, at)
    return found.end() if found and found.end() < len(text) else -1
