"""Whether two display names (RFC 5322 3.4) name the same person, nearly the same, or clearly two.

A display name is what a sender sees when an address is completed for them, so namesakes are where completion slips.
It proves nothing: anybody can call themselves anything. Names of one word ("Reception") say nothing about persons.
"""

import re
import unicodedata
from enum import Enum
from functools import lru_cache

from missent.checks.slips import slip

_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_WORD = re.compile(r"[^\W\d_]+")
_TITLES = """
    mr mrs ms miss dr prof sir dame lord lady jr sr ii iii phd md esq herr frau ing mag
    pte cpl sgt ssgt wo lt capt maj col brig gen adm cdr cmdr lcdr mil civ ctr gov usa usn usaf usmc raf
"""
TITLES = frozenset(_TITLES.split())


class Likeness(Enum):
    """What two display names say about being one person."""

    SAME = "same"
    NEAR = "near"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


@lru_cache(maxsize=1 << 14)
def words(name: str) -> tuple[str, ...]:
    """The words of a person's name, sorted, without case, accents, titles, asides and middle initials.

    Empty for fewer than two words and for names that are an address.

    >>> words("Smith, Dr. John A. (RAF-Air)") == words("JOHN SMITH")
    True
    """
    if "@" in name or len(name) > 200:
        return ()
    plain = "".join(c for c in unicodedata.normalize("NFKD", _ASIDE.sub(" ", name)) if not unicodedata.combining(c))
    found = [w for w in _WORD.findall(plain.casefold().replace("'", "")) if w not in TITLES]
    full = [w for w in found if len(w) > 1]
    return tuple(sorted(full)) if len(full) > 1 else ()


def likeness(one: str, other: str) -> Likeness:
    """How two display names compare; UNKNOWN if one of them names no person."""
    a, b = words(one), words(other)
    if not a or not b:
        return Likeness.UNKNOWN
    if a == b:
        return Likeness.SAME
    only_a, only_b = [w for w in a if w not in b], [w for w in b if w not in a]
    if len(only_a) == len(only_b) == 1 and _near(only_a[0], only_b[0]):
        return Likeness.NEAR
    return Likeness.DIFFERENT if only_a and only_b else Likeness.UNKNOWN


def _near(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return slip(one, other) is not None or (len(short) >= 3 and len(long) - len(short) > 1 and long.startswith(short))
