"""`own-pattern`: an organisation's own words and patterns, from the file that `patterns` in the settings names.

They are matched by Hyperscan alone, exactly and in linear time whatever they are: what it cannot compile (look-around,
back-references) is an error at start, never a slow message.
"""

import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from missent.content.detectors.detector import REACH
from missent.content.detectors.digest import digest
from missent.content.detectors.plain import plain
from missent.content.matching.swift import library
from missent.content.pieces import Piece
from missent.nouns.finding import Fact, Finding, Severity

ID = "own-pattern"


@dataclass(frozen=True, slots=True)
class OwnPattern:
    """One pattern of the file.

    Attributes:
        name: what findings call it.
        expression: in Hyperscan's syntax, any case, UTF-8.
        near: words, one of which must stand within 60 characters; empty demands none.
        least: distinct matches in one text below which nothing is said.
    """

    name: str
    expression: str
    severity: Severity
    category: str
    near: tuple[str, ...] = ()
    least: int = 1


class OwnPatterns:
    """Patterns compiled. Threads may share it. Raises ValueError with the engine's words if one cannot be compiled."""

    def __init__(self, patterns: Sequence[OwnPattern]) -> None:
        self._patterns = tuple(patterns)
        self._near = tuple(re.compile("|".join(map(re.escape, p.near)), re.IGNORECASE) if p.near else None for p in patterns)
        self._local = threading.local()
        for pattern in patterns:
            compiled([pattern])

    def __reduce__(self) -> tuple[Any, ...]:
        return OwnPatterns, (self._patterns,)

    @cached_property
    def _database(self) -> Any:
        return compiled(self._patterns)

    def look(self, pieces: Iterable[Piece], key: bytes = b"") -> tuple[Finding, ...]:
        """One finding per pattern and place; evidence as `look` gives it, `kind` is the pattern's name."""
        if not self._patterns:
            return ()
        return tuple(finding for piece in pieces for finding in self._in(piece, key))

    def _in(self, piece: Piece, key: bytes) -> Iterator[Finding]:
        text = plain(piece.text)
        octets = text.encode("utf-8", "replace")
        for number, spans in self._spans(octets).items():
            pattern, near = self._patterns[number], self._near[number]
            told = (
                octets[start:end].decode("utf-8", "replace")
                for start, end in spans.items()
                if _beside(octets, start, end, near)
            )
            values = {" ".join(value.lower().split()) for value in told}
            if len(values) >= max(1, pattern.least):
                facts: dict[str, Fact] = {"kind": pattern.name, "where": piece.where, "category": pattern.category}
                facts |= {"count": len(values)} | digest(values, key)
                yield Finding(ID, pattern.severity, 0.9, evidence=MappingProxyType(facts))

    def _spans(self, octets: bytes) -> dict[int, dict[int, int]]:
        """By pattern, the end of the longest match from each start."""
        longest: dict[int, dict[int, int]] = {}

        def tell(number: int, start: int, end: int, _flags: int, _context: object) -> None:
            ends = longest.setdefault(number, {})
            ends[start] = max(end, ends.get(start, 0))

        scratch = getattr(self._local, "scratch", None)
        if scratch is None:
            scratch = self._local.scratch = library().Scratch(self._database)
        self._database.scan(octets, tell, scratch=scratch)
        return longest


def compiled(patterns: Sequence[OwnPattern]) -> Any:
    """A database of these. Raises ValueError with the engine's words."""
    engine = library()
    database = engine.Database()
    flags = engine.HS_FLAG_CASELESS | engine.HS_FLAG_UTF8 | engine.HS_FLAG_SOM_LEFTMOST
    expressions = [pattern.expression.encode() for pattern in patterns]
    try:
        database.compile(expressions=expressions, ids=list(range(len(patterns))), elements=len(patterns), flags=flags)
    except engine.error as error:
        raise ValueError(str(error).rstrip(".")) from None
    return database


def _beside(octets: bytes, start: int, end: int, near: re.Pattern[str] | None) -> bool:
    if near is None:
        return True
    around = octets[max(0, start - 2 * REACH) : start] + b" " + octets[end : end + 2 * REACH]
    return near.search(around.decode("utf-8", "replace")) is not None
