"""`se-personnummer`: the Swedish personal identity number, which tells the date of birth.

A date, then four digits of which the last is a Luhn check (Skatteverket). A word must stand beside it.
"""

from missent.content.detectors.checksums import personnummer
from missent.content.detectors.detector import Category, Detector, Grade
from missent.content.detectors.numbers import Numbers, words
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_NUMBER = r"(?<![\w.+-])(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:[06][1-9]|[1278]\d|[39][01])[+-]?\d{4}(?![\w-]|\.\d)"
_WORDS = words("person(?:nummer|nr)", "samordningsnummer", "pers\\.?nr", "swedish (?:personal|id)")

DETECTOR = Detector(
    "se-personnummer",
    Category.IDENTITY,
    (Pattern("number", _NUMBER, gate=_WORDS),),
    Numbers(_WORDS, Grade(Severity.HIGH, 0.96), valid=personnummer),
)
