"""`iban`: an international bank account number (ISO 13616), told by its country's length and its check digits."""

import re
from collections.abc import Iterator
from types import MappingProxyType

from missent.content.detectors.checksums import mod97
from missent.content.detectors.detector import Category, Detector, Found, Grade, Hit
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_LETTERS = re.compile(r"[A-Z0-9](?:[ -]?[A-Z0-9]){14,40}+", re.ASCII)
_COUNTRIES = (
    "15:NO",
    "16:BE",
    "18:DK FI FO GL NL FK SD",
    "19:MK SI",
    "20:AT BA EE KZ LT LU XK",
    "21:CH HR LI LV",
    "22:BG BH CR DE GB GE IE ME RS",
    "23:AE GI IL IQ OM TL SO",
    "24:AD CZ ES MD PK RO SA SE SK TN VG DZ",
    "25:PT ST LY",
    "26:IS TR",
    "27:FR GR IT MC MR SM DJ BI",
    "28:AL AZ CY DO GT HU LB PL BY SV NI",
    "29:BR EG PS QA UA",
    "30:JO KW MU",
    "31:MT SC",
    "32:LC",
    "33:RU",
)
_LENGTHS = MappingProxyType({country: int(row[:2]) for row in _COUNTRIES for country in row[3:].split()})


_START = r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}[ -]?[A-Z0-9]{4}"


def _find(text: str, found: Found) -> Iterator[Hit]:
    for start in found["number"]:
        length = _LENGTHS.get(start[0][:2])
        run = _LETTERS.match(text, start.start()) if length else None
        if length and run and (account := _taken(run[0], length)) and mod97(account):
            yield Hit("number", account, Grade(Severity.HIGH, 0.98))


def _taken(run: str, length: int) -> str:
    """The first `length` letters and digits if what follows stands apart; a word after the number is not part of it."""
    count = 0
    for at, letter in enumerate(run):
        count += letter.isalnum()
        if count == length:
            ends = at + 1 == len(run) or not run[at + 1].isalnum()
            return "".join(c for c in run[: at + 1] if c.isalnum()) if ends else ""
    return ""


DETECTOR = Detector("iban", Category.FINANCE, (Pattern("number", _START),), _find)
