"""Which letters no match of an expression lacks, read off the expression, so that nobody has to keep them beside it.

As RE2's prefilter does: the expression's tree is walked; stretches of which every possible text is known are put together, the
most telling of them is taken. What the walk does not understand says nothing, and the pattern is then looked for everywhere.
"""

import re
from collections.abc import Iterable, Sequence
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_MOST, _LONG, _FEW = 48, 6, 8
"""Possible texts of one stretch; letters beyond which longer is not more telling; pairs of letters worth looking for."""
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_WIDTHLESS = (op.AT, op.ASSERT, op.ASSERT_NOT)

Texts = frozenset[str]


def stems(regex: re.Pattern[str]) -> tuple[str, ...]:
    """Lower-case strings, one of which stands in each match; () if none is known or all are single letters."""
    best = _best(_parser.parse(regex.pattern, regex.flags))
    if not best or min(map(len, best)) < (2 if len(best) <= _FEW else 3):
        return ()
    return tuple(sorted(text for text in best if not any(other != text and other in text for other in best)))


def widest(regex: re.Pattern[str]) -> int:
    """Characters the longest match has."""
    return int(_parser.parse(regex.pattern, regex.flags).getwidth()[1])


def _best(sequence: Iterable[tuple[Any, Any]]) -> Texts | None:
    """The most telling set of texts of which each match has one."""
    best: Texts | None = None
    stretch: Texts = frozenset({""})
    for kind, value in sequence:
        if kind in _WIDTHLESS:
            continue
        texts = _all(kind, value)
        if texts is not None and len(stretch) * len(texts) <= _MOST:
            stretch = frozenset(a + b for a in stretch for b in texts)
            continue
        best = _better(_better(best, stretch), texts if texts is not None else _within(kind, value))
        stretch = frozenset({""})
    return _better(best, stretch)


def _all(kind: Any, value: Any) -> Texts | None:
    """All texts an item can be, None if they are too many."""
    if kind is op.LITERAL:
        return frozenset({chr(value).lower()})
    if kind is op.IN and all(k is op.LITERAL for k, _ in value):
        return frozenset(chr(v).lower() for _, v in value)
    if kind is op.SUBPATTERN:
        return _joined(value[3])
    if kind is op.BRANCH:
        parts = [_joined(branch) for branch in value[1]]
        return frozenset(t for part in parts if part for t in part) if None not in parts else None
    if kind in _REPEATS and value[1] == 1:
        once = _joined(value[2])
        return once if once is None or value[0] == 1 else once | {""}
    return None


def _joined(sequence: Iterable[tuple[Any, Any]]) -> Texts | None:
    stretch: Texts = frozenset({""})
    for kind, value in sequence:
        if kind in _WIDTHLESS:
            continue
        texts = _all(kind, value)
        if texts is None or len(stretch) * len(texts) > _MOST:
            return None
        stretch = frozenset(a + b for a in stretch for b in texts)
    return stretch


def _within(kind: Any, value: Any) -> Texts | None:
    """What an item that can be many texts must hold."""
    if kind is op.SUBPATTERN:
        return _best(value[3])
    if kind is op.ATOMIC_GROUP:
        return _best(value)
    if kind in _REPEATS and value[0] >= 1:
        return _best(value[2])
    if kind is op.BRANCH:
        parts: Sequence[Texts | None] = [_best(branch) for branch in value[1]]
        return frozenset(t for part in parts if part for t in part) if None not in parts else None
    return None


def _better(a: Texts | None, b: Texts | None) -> Texts | None:
    """The more telling of two: the longer its shortest text, then the fewer."""
    usable = [texts for texts in (a, b) if texts and "" not in texts]
    return max(usable, key=lambda texts: (min(_LONG, *map(len, texts)), -len(texts)), default=None)
