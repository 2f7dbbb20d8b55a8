"""`look`: pieces in, findings out. The text is passed over once to know who need look at all; most mail wakes nobody."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from types import MappingProxyType

from missent.content.detectors.detector import Detector, Hit
from missent.content.detectors.digest import digest
from missent.content.detectors.plain import plain
from missent.content.detectors.registry import DETECTORS
from missent.content.matching.swift import Growing, engine
from missent.content.matching.windows import Engine, matches
from missent.content.pieces import Piece
from missent.nouns.finding import Fact, Finding


class Looker:
    """Detectors made ready: their patterns compiled into one engine. Threads may share it."""

    def __init__(self, detectors: Sequence[Detector], using: Engine | None = None) -> None:
        rows = [(detector, pattern) for detector in detectors for pattern in detector.patterns]
        self._patterns = tuple(pattern for _, pattern in rows)
        self._owners = tuple((detector, pattern.name) for detector, pattern in rows)
        self._engine = using or engine(self._patterns)

    def look(self, pieces: Iterable[Piece], key: bytes = b"") -> tuple[Finding, ...]:
        """See `look`."""
        found = [_finding(d, piece.where, hits, key) for piece in pieces for d, hits in self._hits(plain(piece.text))]
        return tuple(sorted(found, key=lambda f: (-f.severity, -f.confidence)))

    def ripen(self) -> None:
        """Compile what would be compiled after some text: for a server, before its first message; about a second."""
        if isinstance(self._engine, Growing):
            self._engine.ripen()

    def _hits(self, text: str) -> Iterator[tuple[Detector, list[Hit]]]:
        """Each detector's hits of one kind, the gravest first."""
        by_id: dict[str, tuple[Detector, dict[str, Sequence[re.Match[str]]]]] = {}
        for number, confirmed in matches(self._patterns, self._engine, text).items():
            detector, name = self._owners[number]
            by_id.setdefault(detector.id, (detector, {}))[1][name] = confirmed
        for detector, found in by_id.values():
            kinds: dict[str, list[Hit]] = {}
            for hit in detector.find(text, found):
                kinds.setdefault(hit.kind, []).append(hit)
            for hits in kinds.values():
                yield detector, sorted(hits, key=lambda hit: hit.grade, reverse=True)


@cache
def _packaged() -> Looker:
    return Looker(DETECTORS)


def ripen() -> None:
    """See `Looker.ripen`, for `look`."""
    _packaged().ripen()


def look(pieces: Iterable[Piece], key: bytes = b"") -> tuple[Finding, ...]:
    """What sensitive content these pieces hold: one finding per detector, kind and place. Pure; linear in the text.

    A finding's evidence is `kind`, `where`, `category`, `count` (distinct values), `signs` (names of what was seen together, for
    detectors that judge by several) and, with a `key` (up to 64 octets), `digest`: a keyed hash of the values that tells the
    same content seen again. Without a key there is none: bare hashes can be guessed.
    """
    return _packaged().look(pieces, key)


def _finding(detector: Detector, where: str, hits: list[Hit], key: bytes) -> Finding:
    values = {hit.value for hit in hits}
    first = hits[0]
    facts: dict[str, Fact] = {"kind": first.kind, "where": where, "category": str(detector.category), "count": len(values)}
    if first.signs:
        facts["signs"] = ", ".join(first.signs)
    facts |= digest(values, key)
    return Finding(detector.id, first.grade.severity, first.grade.confidence, evidence=MappingProxyType(facts))
