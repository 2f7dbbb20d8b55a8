"""Near-duplicate texts told by keyed hashes of their word runs; no text is kept, and without the key none can be guessed.

Two measures, because two questions are asked. *Resemblance*: are these two files versions of one another? A sketch of fixed
size answers (bottom-k: A. Broder, "On the resemblance and containment of documents", 1997). *Containment*: how much of a
registered document stands in this text, be it one page of it in a reply? Winnowed fingerprints answer (Schleimer, Wilkerson,
Aiken, "Winnowing", SIGMOD 2003): any run of `RUN + WINDOW - 1` words in common is noticed.

Words are compared in lower case without what stands between them, so quoting, reflowing and fonts change nothing.
"""

import re
from collections.abc import Collection, Iterator
from hashlib import blake2b
from itertools import islice
from zlib import crc32

RUN = 5
"""Words in one run that is hashed."""
WINDOW = 8
"""Of so many runs that follow each other at least one is kept as fingerprint."""
SKETCH_SIZE = 128
"""Hashes in a sketch: the standard error of a resemblance of one half is 4 %."""
MOST_WORDS = 400_000
"""Words of one text that are looked at: about a thousand pages."""

_WORD = re.compile(r"[^\W_]+")

Sketch = tuple[int, ...]
"""At most `SKETCH_SIZE` keyed 64-bit hashes, ascending; empty for a text without words."""


def sketch(text: str, key: bytes) -> Sketch:
    """A text's sketch, about 1 kB whatever its length. `key`: up to 64 octets; sketches of different keys do not compare."""
    keyed = blake2b(key=key, digest_size=8)
    return tuple(sorted({_hash(keyed, run) for run in set(_runs(text))})[:SKETCH_SIZE])


def resemblance(a: Sketch, b: Sketch) -> float:
    """Share of word runs two texts have in common (Jaccard), 0-1, estimated from their sketches; 0 if either is empty."""
    if not a or not b:
        return 0.0
    smallest = sorted({*a, *b})[:SKETCH_SIZE]
    both = set(a) & set(b)
    return sum(h in both for h in smallest) / len(smallest)


def fingerprints(text: str, key: bytes) -> frozenset[int]:
    """A text's winnowed fingerprints, keyed 64-bit hashes: about 2 of 9 word runs.

    Which runs are kept is decided by a cheap checksum, and only those are hashed with the key: the same text under another key
    has the same runs and other hashes.
    """
    keyed = blake2b(key=key, digest_size=8)
    return frozenset(_hash(keyed, run) for run in set(_winnowed(list(_runs(text)))))


def contained(registered: Collection[int], text: Collection[int]) -> float:
    """How much of a registered document's fingerprints are among a text's, 0-1."""
    return sum(h in text for h in registered) / len(registered) if registered else 0.0


def _runs(text: str) -> Iterator[bytes]:
    """Runs of `RUN` words; a shorter text is one run."""
    words = [w[0].encode("utf-8", "replace") for w in islice(_WORD.finditer(text.lower()), MOST_WORDS)]
    if words:
        yield b" ".join(words[:RUN])
    for start in range(1, len(words) - RUN + 1):
        yield b" ".join(words[start : start + RUN])


def _winnowed(runs: list[bytes]) -> Iterator[bytes]:
    """Of each window the run with the smallest checksum, the rightmost of equals."""
    sums = [crc32(run) for run in runs]
    best = -1
    for last in range(max(0, min(WINDOW, len(runs)) - 1), len(runs)):
        first = max(0, last - WINDOW + 1)
        if best < first:
            best = min(range(first, last + 1), key=lambda at: (sums[at], -at))
            yield runs[best]
        elif sums[last] <= sums[best]:
            best = last
            yield runs[best]


def _hash(keyed: "blake2b", run: bytes) -> int:
    state = keyed.copy()
    state.update(run)
    return int.from_bytes(state.digest(), "big")
