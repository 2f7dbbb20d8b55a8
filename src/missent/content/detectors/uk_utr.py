"""`uk-utr`: a unique taxpayer reference, by which HMRC knows a person or firm.

Ten digits of which the first is a check digit; one number in eleven passes, so a word must stand beside it.
"""

from missent.content.detectors.checksums import utr
from missent.content.detectors.detector import Category, Detector, Grade
from missent.content.detectors.numbers import Numbers, words
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_NUMBER = r"(?<![\w.+-])\d{5} ?\d{5}(?![\w-]|\.\d)"
_WORDS = words("UTR", "unique tax(?:payer)?(?:'s)? ref(?:erence)?", "tax(?:payer)? reference", "self[- ]assessment")

DETECTOR = Detector(
    "uk-utr",
    Category.TAX,
    (Pattern("number", _NUMBER, gate=_WORDS),),
    Numbers(_WORDS, Grade(Severity.HIGH, 0.93), valid=utr),
)
