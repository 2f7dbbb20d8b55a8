"""`nl-bsn`: the Dutch citizen service number.

Nine digits by the eleven test; one number in eleven passes, so a word must stand beside it.
"""

from missent.content.detectors.checksums import bsn
from missent.content.detectors.detector import Category, Detector, Grade
from missent.content.detectors.numbers import Numbers, words
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_NUMBER = r"(?<![\w.+-])\d{4}([ .]?)\d{2}\1\d{3}(?![\w-]|\.\d)"
_WORDS = words("bsn", "burgerservice\\s?n\\w+", "sofi-?\\s?n\\w+", "dutch citizen service")

DETECTOR = Detector(
    "nl-bsn",
    Category.IDENTITY,
    (Pattern("number", _NUMBER, gate=_WORDS),),
    Numbers(_WORDS, Grade(Severity.HIGH, 0.96), valid=bsn),
)
