"""A ceiling as an operator writes it (`uk-gscp=OFFICIAL-SENSITIVE`), and how gravely a marking is meant where none is known."""

import difflib
from collections.abc import Iterable
from enum import IntEnum
from types import MappingProxyType

from missent.content.markings.lattice import Grade
from missent.content.markings.schemes import SCHEMES
from missent.nouns.verdict import Marking


class Gravity(IntEnum):
    """What it takes to receive a marking where nobody registered a ceiling: nothing, being known, or being cleared."""

    OPEN = 0
    SOFT = 1
    SENSITIVE = 2
    CLASSIFIED = 3


_LOWEST = MappingProxyType(
    {
        "uk-gscp": ("OFFICIAL-SENSITIVE", "SECRET"),
        "uk-gpms": ("PROTECT", "RESTRICTED"),
        "us-eo13526": ("", "CONFIDENTIAL"),
        "us-cui": ("CUI", ""),
        "nato": ("", "NATO RESTRICTED"),
        "au-pspf": ("OFFICIAL: Sensitive", "PROTECTED"),
        "tlp": ("TLP:AMBER", ""),
    }
)
"""By scheme the lowest level that is sensitive and the lowest that is classified; "" where it has none."""

_CONTROLLED = frozenset(("FOUO", "SBU", "SBU NOFORN", "LES", "LES NOFORN", "SSI", "NOFORN", "PROPIN", "LIMDIS", "ORCON"))
"""Controls that make unclassified US information sensitive."""
_PLAIN = frozenset((Grade("tlp", "TLP:CLEAR"),))


def gravity(marking: Marking) -> Gravity:
    """How gravely a marking is meant. Firms' words, sensitivity labels of unknown organisations and TLP:GREEN are `SOFT`."""
    if marking.scheme not in _LOWEST:
        return Gravity.SOFT
    levels = SCHEMES[marking.scheme].levels
    sensitive, classified = (levels.index(low) if low else len(levels) for low in _LOWEST[marking.scheme])
    height = levels.index(marking.level) if marking.level in levels else 0
    if height >= classified:
        return Gravity.CLASSIFIED
    if height >= sensitive or (marking.scheme == "us-eo13526" and not _CONTROLLED.isdisjoint(marking.controls)):
        return Gravity.SENSITIVE
    return Gravity.SOFT if marking.scheme == "tlp" and Grade("tlp", marking.level) not in _PLAIN else Gravity.OPEN


def read(text: str) -> tuple[str, str]:
    """Scheme and level of `SCHEME=LEVEL`, as the scheme writes it. Raises ValueError: what was wrong, what is nearest."""
    scheme, equals, level = (part.strip() for part in text.partition("="))
    if not equals or not scheme or not level:
        raise ValueError(f"{text!r} is no ceiling, expected SCHEME=LEVEL such as uk-gscp=OFFICIAL-SENSITIVE")
    if scheme.lower() not in SCHEMES:
        raise ValueError(f"{scheme!r} is no scheme{_nearest(scheme.lower(), SCHEMES)}; known: {', '.join(SCHEMES)}")
    levels = SCHEMES[scheme.lower()].levels
    known = {_plain(one): one for one in levels}
    if levels and _plain(level) not in known:
        hint = _nearest(_plain(level), known)
        raise ValueError(f"{level!r} is no level of {scheme.lower()}{hint}; known: {', '.join(levels)}")
    return scheme.lower(), known.get(_plain(level), level)


def _plain(level: str) -> str:
    return " ".join(level.upper().replace("-", " ").replace(":", ": ").split())


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), 1, 0.5)
    return f", the nearest known is {near[0]}" if near else ""
