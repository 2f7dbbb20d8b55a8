"""`uk-national-insurance`: a National Insurance number, the key to a person's tax and benefits.

Letters that HMRC never issues (NIM39110) are refused; there is no check digit, so without a word beside it it is medium.
"""

import re

from missent.content.detectors.detector import Category, Detector, Grade
from missent.content.detectors.numbers import Numbers
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_NUMBER = r"(?<![\w-])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]([ -]?)\d{2}\1\d{2}\1\d{2}\1[A-D](?![\w-])"
_WORDS = re.compile(r"(?i)\bnational insurance\b|\bnino\b|\bN\.?I\.?(?: ?(?:no|num|number|#))?\b")

DETECTOR = Detector(
    "uk-national-insurance",
    Category.IDENTITY,
    (Pattern("number", _NUMBER, digits=True),),
    Numbers(_WORDS, Grade(Severity.HIGH, 0.97), Grade(Severity.MEDIUM, 0.7)),
)
