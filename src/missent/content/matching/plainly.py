"""The engine without a library: letters that a match cannot lack, and runs of digits.

Looking for each of 1,600 strings would take milliseconds a message. So the text's three-letter stretches are put into one set,
and only strings whose rarest stretch is among them are looked for.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from missent.content.matching.pattern import AHEAD, WIDEST, Pattern
from missent.content.matching.windows import Window, merged

_RUN = re.compile(r"\d(?:[ -]?\d){5,}+", re.ASCII)
_COMMON = "etaoinsrhldcum fgpywb.,v-k1023456789xjqz"
_Stretch = tuple[str, str, str]


class Plain:
    """See the module. Threads may share one."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = tuple(patterns)
        self._short = tuple({stem for pattern in patterns for stem in pattern.stems if len(stem) < 3})
        self._by_stretch: dict[_Stretch, set[str]] = defaultdict(set)
        self._of: dict[str, list[int]] = defaultdict(list)
        for number, pattern in enumerate(patterns):
            for stem in pattern.stems:
                self._of[stem].append(number)
                if len(stem) >= 3:
                    self._by_stretch[_rarest(stem)].add(stem)
        self._always = tuple(number for number, pattern in enumerate(patterns) if not pattern.stems)

    def windows(self, text: str) -> Iterator[tuple[int, Sequence[Window]]]:
        """See `windows.Engine`."""
        low = text.lower()
        if len(low) != len(text):
            low = text.replace("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}", "I").lower()
        places: dict[int, list[int]] = defaultdict(list)
        for stem in self._stems(low):
            at = low.find(stem)
            while at >= 0:
                for number in self._of[stem]:
                    places[number].append(at)
                at = low.find(stem, at + 1)
        for number, starts in places.items():
            wide = WIDEST if self._patterns[number].gate else self._patterns[number].width
            yield number, merged(((at - wide, at + wide + AHEAD) for at in sorted(starts)), len(text))
        numbers = [(m.start(), m.end()) for m in _RUN.finditer(text)] if self._always else []
        for number in self._always:
            pattern = self._patterns[number]
            if not pattern.digits:
                yield number, ((0, len(text)),)
            elif numbers:
                yield number, merged(((low - pattern.width, high + pattern.width + AHEAD) for low, high in numbers), len(text))

    def _stems(self, low: str) -> Iterator[str]:
        """Those that stand in the text."""
        there = self._by_stretch.keys() & set(zip(low, low[1:], low[2:], strict=False))
        yield from (stem for stretch in there for stem in self._by_stretch[stretch] if stem in low)
        yield from (stem for stem in self._short if stem in low)


def _rarest(stem: str) -> _Stretch:
    """The three letters in a row that other text is least likely to have."""
    stretches = [(a, b, c) for a, b, c in zip(stem, stem[1:], stem[2:], strict=False)]
    return max(stretches, key=lambda letters: sum(_COMMON.find(c) if c in _COMMON else len(_COMMON) for c in letters))
