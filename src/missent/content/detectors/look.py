"""`look`: pieces in, findings out. The text is passed over once to know who need look at all; most mail wakes nobody.

Detectors with stems look at a text that holds one of them. The others look for numbers, so the text's runs of digits are found
once for all of them, and they look only around those.
"""

import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from types import MappingProxyType

from missent.content.detectors.detector import Detector, Hit, Span
from missent.content.detectors.registry import DETECTORS
from missent.content.pieces import Piece
from missent.nouns.finding import Fact, Finding

_RUN = re.compile(r"\d(?:[ -]?\d){5,}+", re.ASCII)
_BEFORE, _AFTER = 24, 24
_BY_STEM = tuple((d, d.stems) for d in DETECTORS if d.stems)
_BY_NUMBER = tuple(d for d in DETECTORS if not d.stems)


def look(pieces: Iterable[Piece], key: bytes = b"") -> tuple[Finding, ...]:
    """What sensitive content these pieces hold: one finding per detector, kind and place. Pure; linear in the text.

    A finding's evidence is `kind`, `where`, `count` (distinct values) and, with a `key` (up to 64 octets), `digest`: a
    keyed hash of the values that tells the same content seen again. Without a key there is none: bare hashes can be guessed.
    """
    found = [_finding(detector.id, piece.where, hits, key) for piece in pieces for detector, hits in _hits(piece.text)]
    return tuple(sorted(found, key=lambda f: (-f.severity, -f.confidence)))


def _hits(text: str) -> Iterator[tuple[Detector, list[Hit]]]:
    """Each detector's hits of one kind, strongest first."""
    low = text.lower()
    whole = Span(text, 0, len(text))
    spans = list(_spans(text))
    awake = [(d, [whole]) for d, stems in _BY_STEM if any(stem in low for stem in stems)]
    for detector, where in awake + [(d, spans) for d in _BY_NUMBER if spans]:
        kinds: dict[str, list[Hit]] = {}
        for span in where:
            for hit in detector.find(span):
                kinds.setdefault(hit.kind, []).append(hit)
        for hits in kinds.values():
            yield detector, sorted(hits, key=lambda hit: (-hit.severity, -hit.confidence))


def _spans(text: str) -> Iterator[Span]:
    """Stretches around runs of six digits and more, none overlapping another."""
    start = end = -1
    for run in _RUN.finditer(text):
        low, high = max(0, run.start() - _BEFORE), min(len(text), run.end() + _AFTER)
        if low <= end:
            end = high
            continue
        if end >= 0:
            yield Span(text, start, end)
        start, end = low, high
    if end >= 0:
        yield Span(text, start, end)


def _finding(id_: str, where: str, hits: list[Hit], key: bytes) -> Finding:
    values = sorted({hit.value for hit in hits})
    facts: dict[str, Fact] = {"kind": hits[0].kind, "where": where, "count": len(values)}
    if key:
        facts["digest"] = blake2b("\0".join(values).encode("utf-8", "replace"), key=key, digest_size=16).hexdigest()
    return Finding(id_, hits[0].severity, hits[0].confidence, evidence=MappingProxyType(facts))
