"""What a detector is, and what it reports: kind, value and how sure, never where the words are shown.

A pattern alone is noise in mail: order numbers look like cards and telephone numbers like patients. So each hit has passed a
validator (checksum, range, structure), and says by its severity whether words beside it told what the number is.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from missent.nouns.finding import Severity

REACH = 60
"""Characters before and after a value within which a word is its context."""


class Hit(NamedTuple):
    """One confirmed value. `value` is canonical (no separators), for counting and keyed hashing only; `look` drops it."""

    kind: str
    value: str
    severity: Severity
    confidence: float


class Span(NamedTuple):
    """A stretch of a text that a detector may look at."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Detector:
    """One detector.

    Attributes:
        id: its stable id, file name, test table and page.
        stems: lower-case strings one of which a text must hold; empty for one that looks at runs of digits instead.
        find: hits in one span, in linear time.
    """

    id: str
    stems: tuple[str, ...]
    find: Callable[[Span], Iterator[Hit]]


def beside(text: str, start: int, end: int, words: re.Pattern[str], reach: int = REACH) -> bool:
    """Whether a context word stands near `text[start:end]`."""
    return words.search(text, max(0, start - reach), min(len(text), end + reach)) is not None


def digits(text: str) -> str:
    """The digits of a value without its separators."""
    return "".join(c for c in text if c.isdigit())
