"""Which marking is higher: a chain within each scheme, and between schemes only what governments have published.

The order is partial. Where nobody publishes that two levels are the same they are incomparable, and whoever asks about a
ceiling must then assume the worse. A published equivalence makes two levels each at most the other; all else follows by
going up and across.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from missent.content.markings.schemes import SCHEMES


class Grade(NamedTuple):
    """A level of a scheme."""

    scheme: str
    level: str


_UK, _GPMS, _US, _NATO, _AU = "uk-gscp", "uk-gpms", "us-eo13526", "nato", "au-pspf"
_NATO_TABLE = (
    "NATO C-M(2002)49-REV1, table of national equivalents; USSAN 1-07; Cabinet Office, International Classified Exchanges"
)
_UK_US = "UK-US General Security Agreement (1961, as amended); UK Cabinet Office, International Classified Exchanges"
_AU_US = "Australia-US Agreement on the reciprocal protection of classified information (2002)"
_AU_UK = "UK-Australia agreement on the reciprocal protection of classified information"

EQUIVALENT: tuple[tuple[Grade, Grade, str], ...] = (
    (Grade(_NATO, "COSMIC TOP SECRET"), Grade(_US, "TOP SECRET"), _NATO_TABLE),
    (Grade(_NATO, "NATO SECRET"), Grade(_US, "SECRET"), _NATO_TABLE),
    (Grade(_NATO, "NATO CONFIDENTIAL"), Grade(_US, "CONFIDENTIAL"), _NATO_TABLE),
    (Grade(_NATO, "COSMIC TOP SECRET"), Grade(_UK, "TOP SECRET"), _NATO_TABLE),
    (Grade(_NATO, "NATO SECRET"), Grade(_UK, "SECRET"), _NATO_TABLE),
    (Grade(_UK, "TOP SECRET"), Grade(_US, "TOP SECRET"), _UK_US),
    (Grade(_UK, "SECRET"), Grade(_US, "SECRET"), _UK_US),
    (Grade(_AU, "TOP SECRET"), Grade(_US, "TOP SECRET"), _AU_US),
    (Grade(_AU, "SECRET"), Grade(_US, "SECRET"), _AU_US),
    (Grade(_AU, "TOP SECRET"), Grade(_UK, "TOP SECRET"), _AU_UK),
    (Grade(_AU, "SECRET"), Grade(_UK, "SECRET"), _AU_UK),
)
"""Two levels that are published as the same, and where."""

BELOW: tuple[tuple[Grade, Grade, str], ...] = (
    (
        Grade(_GPMS, "CONFIDENTIAL"),
        Grade(_UK, "SECRET"),
        "HMG Security Policy Framework: the Government Protective Marking Scheme's own order",
    ),
)
"""A level published as lower than another scheme's, and where."""


@cache
def _above() -> Mapping[Grade, frozenset[Grade]]:
    """For each grade all that are at least as high: the reflexive, transitive closure of the tables."""
    up: dict[Grade, set[Grade]] = {}
    for scheme in SCHEMES.values():
        grades = [Grade(scheme.name, level) for level in scheme.levels]
        for number, grade in enumerate(grades):
            up.setdefault(grade, {grade}).update(grades[number:])
    for one, other, _ in EQUIVALENT:
        up[one].add(other)
        up[other].add(one)
    for low, high, _ in BELOW:
        up[low].add(high)
    changed = True
    while changed:
        changed = False
        for higher in up.values():
            before = len(higher)
            higher.update(*[up[g] for g in higher])
            changed |= len(higher) > before
    return {grade: frozenset(higher) for grade, higher in up.items()}


def at_most(low: Grade, high: Grade) -> bool:
    """Whether `low` is the same as or lower than `high`; False where they are incomparable. Partial up to equivalence."""
    return low == high or high in _above().get(low, frozenset())


def comparable(one: Grade, other: Grade) -> bool:
    """Whether anybody published which is higher."""
    return at_most(one, other) or at_most(other, one)


def maxima(grades: Iterable[Grade]) -> tuple[Grade, ...]:
    """Grades that none of the others is strictly above, each once, in the order given."""
    given = tuple(dict.fromkeys(grades))
    return tuple(g for g in given if not any(at_most(g, o) and not at_most(o, g) for o in given))
