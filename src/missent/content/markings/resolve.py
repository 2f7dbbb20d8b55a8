"""Bare words: SECRET, OFFICIAL, CONFIDENTIAL, (C) are words of several schemes and of everybody; what stands with them
decides.

A bare word is read in the sender's own scheme, unless the text bears another's syntax. CONFIDENTIAL is what firms write,
so it is `commercial` unless portion marks, a second banner, an authority line or a government sender stand with it.
Letters in brackets number lists, and `(C)` is a copyright sign, so they too need company.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from missent.content.markings.found import Position, Reading, Slot
from missent.content.markings.schemes import SCHEMES, homes
from missent.content.pieces import Piece
from missent.nouns.address import Address

_LIST = re.compile(r"(?m)^[ \t>]{0,20}\([A-BD-QTV-Z]\)\s")
_ELSEWHERE = ("uk-gscp", "au-pspf", "us-eo13526", "uk-gpms")
_DECLARED = (Position.FIELD, Position.LABEL)
_TOP = frozenset(("gov", "mil"))
_SECOND = frozenset(("gov", "mil", "gouv", "gob", "gub", "govt", "gv", "go", "govern", "government"))
_WHOLE = frozenset(
    ("mod.uk", "police.uk", "parliament.uk", "nhs.uk", "nato.int", "europa.eu", "gc.ca", "bund.de", "admin.ch", "overheid.nl")
)
_COUNTRY = {"uk": "uk-gscp", "au": "au-pspf", "mil": "us-eo13526", "gov": "us-eo13526", "int": "nato"}


@dataclass(frozen=True, slots=True)
class Raw:
    """A reading with its place, before bare words are resolved."""

    piece: Piece
    slot: Slot
    reading: Reading


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the whole message says that one word does not.

    Attributes:
        home: schemes bare words are read in; empty if the sender has none of these.
        us: whether US syntax of a classified text, portion marks or an authority line stand somewhere.
        government: whether the sender's domain is a government's.
        twice: words that stand both at top and bottom of a page, or on the edges of several pages.
        letters: pieces (by place) whose bracketed letters are portion marks.
        nato: whether a NATO marking stands somewhere.
    """

    home: tuple[str, ...]
    us: bool
    government: bool
    twice: frozenset[tuple[str, str]]
    letters: frozenset[str]
    nato: bool


def government(sender: Address | None) -> bool:
    """Whether a domain is below a government's or armed forces' label (`gov.uk`, `mil`, `gouv.fr`, `nato.int`)."""
    labels = sender.domain.split(".")[-2:] if sender else []
    if len(labels) < 2:
        return False
    second, top = labels
    return top in _TOP or (second in _SECOND and len(top) == 2) or ".".join(labels) in _WHOLE


def home(own_scheme: str, sender: Address | None) -> tuple[str, ...]:
    """Own schemes: the settings' word, else the country of a government sender's domain."""
    if own_scheme or not government(sender) or sender is None:
        return homes(own_scheme)
    return homes(_COUNTRY.get(sender.domain.rpartition(".")[2], ""))


def evidence(raws: Sequence[Raw], own: tuple[str, ...], sender: Address | None) -> Evidence:
    """Weigh all readings of a message together."""
    us = any(r.reading.scheme == "us-eo13526" and (r.reading.level != "UNCLASSIFIED" or _portion(r)) for r in raws)
    mine: dict[str, list[Raw]] = {}
    for raw in raws:
        if _letter(raw):
            mine.setdefault(raw.piece.where, []).append(raw)
    letters = frozenset(where for where, some in mine.items() if _are_portions(some, raws, own, us=us))
    return Evidence(
        home=own,
        us=us or any(_letter(r) and r.reading.level != "UNCLASSIFIED" and r.piece.where in letters for r in raws),
        government=government(sender),
        twice=_twice(raws),
        letters=letters,
        nato=any(r.reading.scheme == "nato" for r in raws),
    )


def _portion(raw: Raw) -> bool:
    return raw.slot.position is Position.PORTION


def _letter(raw: Raw) -> bool:
    """Whether it is a portion of bare US letters: (U), (C), (S), (TS)."""
    return not raw.reading.scheme and len(raw.slot.text) <= 2 and raw.slot.position in (Position.PORTION, Position.SUBJECT)


def _are_portions(mine: Sequence[Raw], raws: Sequence[Raw], own: tuple[str, ...], *, us: bool) -> bool:
    """Whether the letters of a piece are portion marks rather than items of a list or kinds of telephone.

    They are if US syntax stands with them; if two levels occur with a banner or thrice; of a US sender, if either does or
    they begin the subject.
    """
    if _LIST.search(mine[0].piece.text):
        return False
    levels = len({r.reading.level for r in mine})
    banner = any(_banner(r) for r in raws)
    if "us-eo13526" in own:
        return us or banner or levels >= 2 or mine[0].slot.position is Position.SUBJECT
    return us or (levels >= 2 and (banner or len(mine) >= 3))


def _banner(raw: Raw) -> bool:
    """Whether it is a US level word where a marking stands."""
    return raw.reading.level in SCHEMES["us-eo13526"].bare and len(raw.slot.text) > 2


def _twice(raws: Sequence[Raw]) -> frozenset[tuple[str, str]]:
    """Bare words, by place, that are a banner at both ends of a page, or on several pages."""
    tops: dict[tuple[str, str], dict[int, int]] = {}
    bottoms: dict[tuple[str, str], dict[int, int]] = {}
    for raw in raws:
        if raw.reading.scheme or raw.slot.position not in (Position.BANNER, Position.LINE):
            continue
        key = (raw.piece.where, raw.reading.level)
        if raw.slot.top:
            tops.setdefault(key, {}).setdefault(raw.slot.page, raw.slot.start)
        if raw.slot.bottom:
            bottoms.setdefault(key, {})[raw.slot.page] = raw.slot.start
    both = tops.keys() | bottoms.keys()
    return frozenset(k for k in both if _two_places(tops.get(k, {}), bottoms.get(k, {})))


def _two_places(tops: dict[int, int], bottoms: dict[int, int]) -> bool:
    """Whether first places at the top and last ones at the bottom, by page, are on several pages or apart on one."""
    return len(tops.keys() | bottoms.keys()) > 1 or any(start < bottoms.get(page, -1) for page, start in tops.items())


def bare(raw: Raw, said: Evidence) -> Reading | None:
    """What a bare word is, or None if it is only a word."""
    word = raw.reading.level
    if raw.slot.position is Position.PORTION and word.startswith(("NATO ", "COSMIC ")):
        return Reading("nato", word) if said.nato or "nato" in said.home else None
    if _letter(raw):
        return Reading("us-eo13526", word) if raw.piece.where in said.letters else None
    if word == "CONTROLLED":
        return Reading("us-cui", "CUI") if "us-cui" in said.home else None
    twice = (raw.piece.where, word) in said.twice
    company = said.us or said.government or twice
    if said.us and word in SCHEMES["us-eo13526"].bare:
        return Reading("us-eo13526", word)
    if word == "CONFIDENTIAL" and not company:
        return Reading("commercial", word)
    return _at_home(word, said) or _abroad(word, company=company or raw.slot.position in _DECLARED, known=bool(said.home))


def _at_home(word: str, said: Evidence) -> Reading | None:
    for name in said.home:
        if word in SCHEMES[name].bare:
            return Reading(name, SCHEMES[name].bare[word])
    return None


def _abroad(word: str, *, company: bool, known: bool) -> Reading | None:
    """A word the own scheme lacks: nobody's without company, except what only governments write."""
    if word == "CONFIDENTIAL":
        return Reading("commercial", word)
    if word == "RESTRICTED" and not company:
        return Reading("commercial", "STRICTLY CONFIDENTIAL")
    if not known and word in SCHEMES["us-eo13526"].bare:
        return Reading("us-eo13526", word)
    if not company or word == "UNCLASSIFIED":
        return None
    return next((Reading(name, SCHEMES[name].bare[word]) for name in _ELSEWHERE if word in SCHEMES[name].bare), None)
