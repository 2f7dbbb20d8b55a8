"""Where to look, and looking there: the part both engines share, so that both find the same.

A window is a stretch that holds every match that could overlap it. Whatever windows an engine tells, as long as each true match
lies in one with `AHEAD` to spare, what `confirm` finds in them is what `re.finditer` finds in the whole text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from missent.content.matching.pattern import AFTER, AHEAD, BEFORE, Pattern

Window = tuple[int, int]


class Engine(Protocol):
    """Tells where patterns could match."""

    def windows(self, text: str) -> Iterator[tuple[int, Sequence[Window]]]:
        """Numbers of the patterns that could match, each with its windows, apart and ascending.

        Of a pattern with a gate they are the windows of the gate.
        """


def merged(stretches: Iterable[Window], length: int) -> Sequence[Window]:
    """Stretches, ascending by start, cut to the text and put together where they touch."""
    windows: list[Window] = []
    for low, high in stretches:
        if windows and low <= windows[-1][1]:
            windows[-1] = (windows[-1][0], min(length, max(high, windows[-1][1])))
        else:
            windows.append((max(0, low), min(length, high)))
    return windows


def confirm(regex: re.Pattern[str], text: str, windows: Sequence[Window]) -> Iterator[re.Match[str]]:
    """What `regex.finditer(text)` would give, looking at windows alone."""
    length = len(text)
    for low, high in windows:
        at = low
        for found in regex.finditer(text, low, high):
            if found.end() + AHEAD > high and high < length:
                yield from _at_edge(regex, text, at, high)
                break
            at = found.end()
            yield found


def _at_edge(regex: re.Pattern[str], text: str, at: int, high: int) -> Iterator[re.Match[str]]:
    """Matches from `at` to a window's end, which may have looked like the text's: those near it are looked at again."""
    while found := regex.search(text, at, high):
        start = found.start()
        if found.end() + AHEAD > high:
            found = regex.match(text, start)
        if found:
            yield found
        at = found.end() if found else start + 1


def matches(patterns: Sequence[Pattern], engine: Engine, text: str) -> Mapping[int, Sequence[re.Match[str]]]:
    """Confirmed matches by number of the pattern; those without one are missing."""
    hits = ((number, list(_confirmed(patterns[number], text, windows))) for number, windows in engine.windows(text))
    return {number: found for number, found in hits if found}


def _confirmed(pattern: Pattern, text: str, windows: Sequence[Window]) -> Iterator[re.Match[str]]:
    if pattern.gate:
        gates = confirm(pattern.gate, text, windows)
        before = BEFORE + pattern.width
        windows = merged(((gate.start() - before, gate.end() + AFTER + AHEAD) for gate in gates), len(text))
    return confirm(pattern.regex, text, windows)
