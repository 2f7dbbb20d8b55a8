"""`de-steuer-id`: the tax identification number every resident of Germany keeps for life.

Eleven digits by ISO 7064 MOD 11,10; among the first ten one digit stands twice or thrice (BZSt). A word must stand beside it.
"""

from missent.content.detectors.checksums import mod11_10, spread
from missent.content.detectors.detector import Category, Detector, Grade
from missent.content.detectors.numbers import Numbers, words
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_NUMBER = r"(?<![\w.+-])[1-9]\d([ -]?)\d{3}\1\d{3}\1\d{3}(?![\w-]|\.\d)"
_WORDS = words(
    r"steuer-?(?:id|identifikations)\w*(?:[- ]?n\w+\.?)?", "steuernummer", "id-?nr", "IdNr", "TIN", "german tax (?:id|number)"
)

DETECTOR = Detector(
    "de-steuer-id",
    Category.TAX,
    (Pattern("number", _NUMBER, gate=_WORDS),),
    Numbers(_WORDS, Grade(Severity.HIGH, 0.95), valid=lambda n: spread(n[:10], (2, 3)) and mod11_10(n)),
)
