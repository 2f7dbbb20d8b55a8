"""`us-itin`: an individual taxpayer identification number, which the IRS gives to those without a social security number.

It begins with 9; the fourth and fifth digits are in the ranges the IRS issues (Publication 1915). It is
nothing by itself: a word must stand beside it.
"""

import re

from missent.content.detectors.detector import Category, Detector, Grade
from missent.content.detectors.numbers import Numbers
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_NUMBER = r"(?<![\w.+-])9\d{2}([ -]?)(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\1\d{4}(?![\w-]|\.\d)"
_WORDS = re.compile(r"\bITINs?\b|(?i:\bindividual tax(?:payer)? ident)|\b(?i:taxpayer id)|\bTIN\b", re.ASCII)

DETECTOR = Detector(
    "us-itin",
    Category.TAX,
    (Pattern("number", _NUMBER, gate=_WORDS),),
    Numbers(_WORDS, Grade(Severity.HIGH, 0.95)),
)
