"""Where to look, and looking there: the part both engines share, so that both find the same.

A window is a stretch that holds every match that could overlap it. Whatever windows an engine tells, as long as each true match
lies in one with `AHEAD` to spare, what `confirm` finds in them is what `re.finditer` finds in the whole text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from missent.content.matching.pattern import AHEAD, WIDEST, Pattern

Window = tuple[int, int]
_RUN = re.compile(r"\d(?:[ -]?\d){5,}+", re.ASCII)


class Engine(Protocol):
    """Tells where patterns could match."""

    def windows(self, text: str) -> Iterator[tuple[int, Sequence[Window]]]:
        """Numbers of the patterns that could match, ascending, each with its windows, apart and ascending."""


class Plain:
    """The engine without a library: letters that a match cannot lack, and runs of digits."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = tuple(enumerate(patterns))

    def windows(self, text: str) -> Iterator[tuple[int, Sequence[Window]]]:
        """See `Engine`."""
        low = text.lower()
        if len(low) != len(text):
            low = text.replace("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}", "I").lower()
        stems: dict[str, list[int]] = {}
        numbers = runs(text)
        for number, pattern in self._patterns:
            places = [at for stem in pattern.stems for at in _places(low, stem, stems)]
            if pattern.stems and not places:
                continue
            if pattern.stems and not pattern.gate:
                found = merged(sorted((at - WIDEST, at + WIDEST + AHEAD) for at in places), len(text))
            else:
                found = numbers if pattern.digits else ((0, len(text)),)
            if found:
                yield number, found


def _places(low: str, stem: str, known: dict[str, list[int]]) -> list[int]:
    """Where a stem stands; looked for once however many patterns share it."""
    places = known.get(stem)
    if places is None:
        places, at = [], low.find(stem)
        while at >= 0:
            places.append(at)
            at = low.find(stem, at + 1)
        known[stem] = places
    return places


def runs(text: str) -> Sequence[Window]:
    """Where matches of patterns with `digits` could be."""
    return merged(((m.start() - WIDEST, m.end() + WIDEST + AHEAD) for m in _RUN.finditer(text)), len(text))


def merged(stretches: Iterable[Window], length: int) -> Sequence[Window]:
    """Stretches, ascending by start, cut to the text and put together where they touch."""
    windows: list[Window] = []
    for low, high in stretches:
        if windows and low <= windows[-1][1]:
            windows[-1] = (windows[-1][0], min(length, max(high, windows[-1][1])))
        else:
            windows.append((max(0, low), min(length, high)))
    return windows


def confirm(pattern: Pattern, text: str, windows: Sequence[Window]) -> Iterator[re.Match[str]]:
    """What `pattern.regex.finditer(text)` would give, looking at windows alone."""
    search, length = pattern.regex.search, len(text)
    for low, high in windows:
        at = low
        while found := search(text, at, high):
            start = found.start()
            if found.end() + AHEAD > high and high < length:  # the window's end may have looked like the text's
                found = pattern.regex.match(text, start)
            if found:
                yield found
            at = found.end() if found else start + 1


def matches(patterns: Sequence[Pattern], engine: Engine, text: str) -> Mapping[int, Sequence[re.Match[str]]]:
    """Confirmed matches by number of the pattern; those without one are missing."""
    found = ((number, list(confirm(patterns[number], text, windows))) for number, windows in engine.windows(text))
    return {number: hits for number, hits in found if hits}
