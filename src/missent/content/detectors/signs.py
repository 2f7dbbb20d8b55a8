"""Content that no single number gives away: judged by several independent signs that stand near each other.

One word proves nothing ("passport" stands in every travel advice); a form's name, three of its fields with amounts and a
tax number do. Each sign is a datum with a name, and a finding says which signs were seen.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from missent.content.detectors.detector import Found, Grade, Hit
from missent.content.matching.pattern import Pattern

STRETCH = 4_000
"""Characters within which signs must stand: about a page and a half."""

Table = Mapping[str, Mapping[str, str]]
"""Group -> sign -> regular expression."""


@dataclass(frozen=True, slots=True)
class Rung:
    """What so many signs amount to: distinct signs in all, and at least so many of named groups."""

    grade: Grade
    total: int
    least: Mapping[str, int] = field(default_factory=dict)


class _Reached(NamedTuple):
    rung: int
    signs: tuple[str, ...]
    matches: tuple[re.Match[str], ...]


@dataclass(frozen=True, slots=True)
class Signs:
    """Finds one kind of content; is a detector's `find`.

    Attributes:
        kind: the finding's kind.
        table: the signs by group.
        ladder: rungs, the highest first.
        many: signs that count only when they stand so many times, as the rows of a list.
        anchors: for signs that would cost the faster engine dear, see `Pattern.anchor`.
    """

    kind: str
    table: Table
    ladder: tuple[Rung, ...]
    many: Mapping[str, int] = field(default_factory=dict)
    anchors: Mapping[str, str] = field(default_factory=dict)

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """The signs as patterns: any case, `^` and `$` at each line."""
        rows = [row for group in self.table.values() for row in group.items()]
        return tuple(Pattern(name, f"(?im){source}", anchor=self.anchors.get(name, "")) for name, source in rows)

    def __call__(self, text: str, found: Found) -> Iterator[Hit]:
        """At most one hit: the highest rung reached by any stretch of the text, with the most signs that reached it."""
        best = _Reached(len(self.ladder), (), ())
        for names, matched in self._stretches(found):
            rung = self._rung(names)
            if rung < len(self.ladder) and (rung, -len(names)) < (best.rung, -len(best.signs)):
                best = _Reached(rung, tuple(sorted(names)), tuple(matched()))
        if best.signs:
            values = {" ".join(match[0].lower().split()) for match in best.matches}
            yield Hit(self.kind, " ".join(sorted(values)), self.ladder[best.rung].grade, best.signs)

    def _stretches(self, found: Found) -> Iterator[tuple[set[str], Callable[[], Sequence[re.Match[str]]]]]:
        """The signs in the stretch that ends with each match, when there are enough for the lowest rung."""
        least = min(rung.total for rung in self.ladder)
        names = [name for rows in self.table.values() for name in rows if name in found]
        if len(names) < least:
            return
        places = sorted(((m.start(), name, m) for name in names for m in found[name]), key=lambda place: place[:2])
        seen, first = Counter[str](), 0
        for last, (at, name, _) in enumerate(places):
            seen[name] += 1
            while places[first][0] < at - STRETCH:
                seen[places[first][1]] -= 1
                first += 1
            there = {n for n, count in seen.items() if count >= self.many.get(n, 1)}
            if len(there) >= least:
                yield there, lambda low=first, high=last: [m for _, _, m in places[low : high + 1]]  # type: ignore[misc]

    def _rung(self, names: set[str]) -> int:
        groups = {group: len(names & rows.keys()) for group, rows in self.table.items()}
        for number, rung in enumerate(self.ladder):
            if len(names) >= rung.total and all(groups[group] >= count for group, count in rung.least.items()):
                return number
        return len(self.ladder)


def together(*kinds: Signs) -> "Several":
    """One detector's several kinds of content."""
    return Several(kinds)


@dataclass(frozen=True, slots=True)
class Several:
    """A `find` of several kinds."""

    kinds: tuple[Signs, ...]

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """The patterns of all of them."""
        return tuple(pattern for kind in self.kinds for pattern in kind.patterns)

    def __call__(self, text: str, found: Found) -> Iterator[Hit]:
        """The hits of each."""
        for kind in self.kinds:
            yield from kind(text, found)
