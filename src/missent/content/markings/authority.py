"""Blocks that say who classified a text and until when: 32 CFR 2001.21-22 for E.O. 13526, 32 CFR 2002.20(d) for CUI.

`Classified By: … Reason: 1.4(d) Declassify On: …`, or on papers reviewed for release `Classified by …, DoS on … Class:
CONFIDENTIAL …`. Such a determination outranks whatever banner stands above it. Text taken from pages set in columns has
other words in between, so the parts are looked for within a stretch rather than in order. A block that names no level
proves only the lowest.
"""

import re
from collections.abc import Iterator
from itertools import islice

from missent.content.markings import us_controls
from missent.content.markings.cui_categories import CATEGORIES
from missent.content.markings.found import Position, Reading, Slot
from missent.content.pieces import Piece

_STRETCH = 500
_MOST = 50
_OFTEN = 500
_OPENINGS = tuple(
    re.compile(pattern)  # each begins with its letters, so that the search for it is one for a plain string
    for pattern in (
        r"classified\s{1,20}by\b",
        r"derived\s{1,20}from\s{0,3}:",
        r"declassify\s{1,20}on\s{0,3}:",
        r"class\s?:\s{0,20}(?=[cst])",
        r"e\.o\.\s?1\d{4}\s?:\s?decl",
    )
)
_BEFORE = re.compile(r"(?:^|\n|\s{2}|[~|\u2014\u2013:-] ?)[> \t*]{0,20}(?:re)?$")
_COMPANY = (
    re.compile(r"classified\s{1,20}by\b", re.IGNORECASE),
    re.compile(r"\bderived\s{1,20}from\s{0,3}:", re.IGNORECASE),
    re.compile(r"\bdeclassify\s{1,20}on\s{0,3}:", re.IGNORECASE),
    re.compile(r"\breasons?\s{0,3}:?\s{0,20}(?:E\.?\s?O\.?\s?1\d{4}|sec|§|1\.[45]|[(]?[a-h][)])", re.IGNORECASE),
    re.compile(r"\bclass(?:ification)?\s{0,3}:", re.IGNORECASE),
    re.compile(r"e\.?\s?o\.?\s?1\d{4}\s?:\s?decl", re.IGNORECASE),
)
_LEVEL = re.compile(r"(?i)\bclass(?:ification)?\s{0,3}:")
_WORD = re.compile(r"\b(TOP\s{1,3}SECRET|SECRET|CONFIDENTIAL|UNCLASSIFIED)\b(?:\s?//?\s?([A-Z][A-Z /,]{1,60}))?")
_CUI = re.compile(r"(?:^|\n)[> \t*]{0,20}controlled\s{1,5}by\s?:", re.IGNORECASE)
_CUI_CATEGORY = re.compile(r"\bcui\s{1,5}categor(?:y|ies)(?:\s?\(ies\))?\s?:([^\n]{0,120})", re.IGNORECASE)


def readings(piece: Piece) -> Iterator[tuple[Reading, Slot]]:
    """Determinations in one text, each with the place it begins; at most some hundreds."""
    low = piece.text.lower()
    if len(low) != len(piece.text):
        low = piece.text.replace("\u0130", "I").lower()
    if "class" in low:
        yield from _determinations(piece.text, low)
    if "controlled by" in low and "cui categor" in low:
        yield from _designations(piece.text)


def _determinations(text: str, low: str) -> Iterator[tuple[Reading, Slot]]:
    last = -_STRETCH
    starts = sorted(m.start() for opening in _OPENINGS for m in islice(opening.finditer(low), _OFTEN))
    for start in starts:
        block = text[start : start + _STRETCH]
        if start < last + _STRETCH or not _BEFORE.search(low, max(0, start - 26), start):
            continue
        if sum(1 for part in _COMPANY if part.search(block)) >= 2:
            last = start
            yield _reading(block), Slot(block[:13], Position.AUTHORITY, start)


def _reading(block: str) -> Reading:
    """The level after `Class:`, other columns' words skipped; CONFIDENTIAL, the lowest there is, if none is told."""
    named = _LEVEL.search(block)
    word = _WORD.search(block, named.end()) if named else None
    if word is None:
        return Reading("us-eo13526", "CONFIDENTIAL")
    return Reading("us-eo13526", " ".join(word[1].split()), us_controls.known(word[2] or "") or ())


def _designations(text: str) -> Iterator[tuple[Reading, Slot]]:
    for number, opening in enumerate(_CUI.finditer(text)):
        category = _CUI_CATEGORY.search(text, opening.end(), opening.end() + _STRETCH)
        if number >= _MOST or category is None:
            return
        entries = re.findall(r"(?:SP-)?[A-Z]{2,8}", category[1].upper())
        known = tuple(dict.fromkeys(e for e in entries if e.removeprefix("SP-") in CATEGORIES))
        yield Reading("us-cui", "CUI", known), Slot(opening[0].strip(), Position.AUTHORITY, opening.start())
