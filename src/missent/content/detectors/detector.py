"""What a detector is, and what it reports: kind, value and how sure, never where the words are shown.

A pattern alone is noise in mail: order numbers look like cards and telephone numbers like patients. So each hit has passed a
validator (checksum, range, structure), and says by its severity whether words beside it told what the number is.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_SEPARATORS = re.compile(r"[\W_]+")

REACH = 60
"""Characters before and after a value within which a word is its context."""

Found = Mapping[str, Sequence[re.Match[str]]]
"""A detector's confirmed matches in one text by the pattern's name, in order; patterns without one are missing."""


class Category(StrEnum):
    """What kind of harm it is; exposures are counted by it."""

    CREDENTIALS = "credentials"
    FINANCE = "finance"
    IDENTITY = "identity"
    TAX = "tax"
    MEDICAL = "medical"
    TRAVEL = "travel"
    PERSONNEL = "personnel"
    LEGAL = "legal"
    DIPLOMATIC = "diplomatic"
    DEFENCE = "defence"
    LOCATION = "location"
    DOCUMENT = "document"


class Grade(NamedTuple):
    """How bad if right, and how likely right."""

    severity: Severity
    confidence: float


class Hit(NamedTuple):
    """One confirmed value. `value` is canonical (no separators), for counting and keyed hashing only; `look` drops it.

    `signs` are the names of what was seen together, for detectors that judge by several signs.
    """

    kind: str
    value: str
    grade: Grade
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Detector:
    """One detector.

    Attributes:
        id: its stable id, file name, test table and page.
        category: what its findings are counted as.
        patterns: what is looked for, with names unique within the detector.
        find: hits among the matches of these patterns in one text, in linear time.
    """

    id: str
    category: Category
    patterns: tuple[Pattern, ...]
    find: Callable[[str, Found], Iterator[Hit]]


def beside(text: str, match: re.Match[str], words: re.Pattern[str], reach: int = REACH) -> bool:
    """Whether a context word stands near a match."""
    return words.search(text, max(0, match.start() - reach), min(len(text), match.end() + reach)) is not None


def near(matches: Sequence[re.Match[str]], at: int, reach: int, most: int = 4) -> Sequence[re.Match[str]]:
    """At most so many matches that start within `reach` of a place; matches ascend, so that it takes no look at all of them."""
    first = bisect_left(matches, at - reach, key=lambda match: match.start())
    return [match for match in matches[first : first + most] if match.start() <= at + reach]


def bare(value: str) -> str:
    """A value without its separators, in capitals."""
    return (value if value.isalnum() else _SEPARATORS.sub("", value)).upper()
