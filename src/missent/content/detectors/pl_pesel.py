"""`pl-pesel`: the Polish number that tells date of birth and sex.

Eleven digits with a date and a check digit (weights 1 3 7 9). A word must stand beside it.
"""

from missent.content.detectors.checksums import pesel
from missent.content.detectors.detector import Category, Detector, Grade
from missent.content.detectors.numbers import Numbers, words
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_NUMBER = r"(?<![\w.+-])\d{2}\d{2}[0-3]\d{6}(?![\w-]|\.\d)"
_WORDS = words("pesel", "polish (?:national )?id", "numer ewidencyjny")

DETECTOR = Detector(
    "pl-pesel",
    Category.IDENTITY,
    (Pattern("number", _NUMBER, gate=_WORDS),),
    Numbers(_WORDS, Grade(Severity.HIGH, 0.97), valid=pesel),
)
