"""`own-pattern`: an organisation's own words and patterns, from the file that `patterns` in the settings names.

They are matched by Hyperscan alone, exactly and in linear time whatever they are: what it cannot compile (look-around,
back-references) is an error at start, never a slow message. It is asked where matches end and not where they start: asked for
that too, Vectorscan 5.4 as packaged dies of `a+b` on ten thousand letters. So a match counts by the word it ends in.
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
_MOST = 10_000
_SPACE = re.compile(rb"\s+")
_AROUND = ".,;:!?()[]<>\"'"


@dataclass(frozen=True, slots=True)
class OwnPattern:
    """One pattern of the file.

    Attributes:
        name: what findings call it.
        expression: in Hyperscan's syntax, any case, UTF-8.
        near: words, one of which must stand within 120 octets of the match's end; empty demands none.
        least: distinct words that matches end in, of one text, below which nothing is said.
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
        octets = plain(piece.text).encode("utf-8", "replace")
        for number, ends in self._ends(octets).items():
            pattern, near = self._patterns[number], self._near[number]
            values = {_word(octets, end) for end in ends if near is None or _beside(octets, end, near)}
            if len(values) >= pattern.least:
                facts: dict[str, Fact] = {"kind": pattern.name, "where": piece.where, "category": pattern.category}
                facts |= {"count": len(values)} | digest(values, key)
                yield Finding(ID, pattern.severity, 0.9, evidence=MappingProxyType(facts))

    def _ends(self, octets: bytes) -> dict[int, list[int]]:
        """Where matches end, by pattern, at most `_MOST` of each."""
        found: dict[int, list[int]] = {}

        def tell(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            ends = found.setdefault(number, [])
            if len(ends) < _MOST:
                ends.append(end)

        scratch = getattr(self._local, "scratch", None)
        if scratch is None:
            scratch = self._local.scratch = library().Scratch(self._database)
        self._database.scan(octets, tell, scratch=scratch)
        return found


def compiled(patterns: Sequence[OwnPattern]) -> Any:
    """A database of these. Raises ValueError with the engine's words."""
    engine = library()
    database = engine.Database()
    flags = engine.HS_FLAG_CASELESS | engine.HS_FLAG_UTF8
    expressions = [pattern.expression.encode() for pattern in patterns]
    try:
        database.compile(expressions=expressions, ids=list(range(len(patterns))), elements=len(patterns), flags=flags)
    except engine.error as error:
        raise ValueError(str(error).rstrip(".")) from None
    return database


def _beside(octets: bytes, end: int, near: re.Pattern[str]) -> bool:
    return near.search(octets[max(0, end - 2 * REACH) : end + 2 * REACH].decode("utf-8", "replace")) is not None


def _word(octets: bytes, end: int) -> str:
    """What stands between white space where a match ends, in lower case, at most 64 octets each way."""
    before = _SPACE.split(octets[max(0, end - 64) : end])[-1]
    return (before + _SPACE.split(octets[end : end + 64])[0]).decode("utf-8", "replace").lower().strip(_AROUND)
