"""The one-key slips of somebody who types a name, told from the one-letter differences between two people's names.

Damerau (1964) found four in five misspellings to be one letter too many, too few, wrong, or two exchanged. In mail the
question is the other way round: is this one letter a slip, or another person? `paul` and `paula`, `jsmith` and `ksmith`,
`maria` and `mario` are one letter apart and two people; people seldom mistype a first letter, and a last letter makes
the other gender. Such pairs are no slips here.
"""

import itertools
from enum import StrEnum

_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_NAME_ENDINGS = frozenset("aeiosy")


def _neighbours() -> frozenset[tuple[str, str]]:
    place = {letter: (x + 0.5 * y, y) for y, row in enumerate(_ROWS) for x, letter in enumerate(row)}
    pairs = itertools.permutations(place, 2)
    return frozenset((a, b) for a, b in pairs if all(abs(p - q) <= 1 for p, q in zip(place[a], place[b], strict=True)))


NEIGHBOURS = _neighbours()
"""Ordered pairs of keys that touch on a QWERTY keyboard (ISO/IEC 9995)."""


class Slip(StrEnum):
    """How one word became the other."""

    TRANSPOSITION = "transposition"
    REPETITION = "repetition"
    OMISSION = "omission"
    NEIGHBOUR = "neighbour"
    REPLACEMENT = "replacement"


def slip(one: str, other: str) -> Slip | None:
    """The single slip by which two words differ, in either direction; None if there is none or it makes another name.

    >>> slip("jsmith", "jsmtih")
    <Slip.TRANSPOSITION: 'transposition'>
    >>> slip("paul", "paula") is slip("jsmith", "ksmith") is None
    True
    """
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1 or short == long or not short:
        return None
    at = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return _extra(short, long, at)
    return _exchanged(short, long, at)


def _extra(short: str, long: str, at: int) -> Slip | None:
    if at == 0 or short[at:] != long[at + 1 :]:
        return None
    if long[at] == long[at - 1]:
        return Slip.REPETITION
    return None if at == len(short) and long[at] in _NAME_ENDINGS else Slip.OMISSION


def _exchanged(short: str, long: str, at: int) -> Slip | None:
    if short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]:
        return Slip.TRANSPOSITION
    if at == 0 or short[at + 1 :] != long[at + 1 :]:
        return None
    last = at == len(short) - 1
    if last and (short[at] in _NAME_ENDINGS or long[at] in _NAME_ENDINGS):
        return None
    return Slip.NEIGHBOUR if (short[at], long[at]) in NEIGHBOURS else Slip.REPLACEMENT
