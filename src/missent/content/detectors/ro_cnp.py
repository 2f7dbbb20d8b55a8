"""`ro-cnp`: the Romanian personal number, which tells sex, date and county of birth.

Thirteen digits with a date and a check digit. A word must stand beside it.
"""

from missent.content.detectors.checksums import cnp
from missent.content.detectors.detector import Category, Detector, Grade
from missent.content.detectors.numbers import Numbers, words
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_NUMBER = r"(?<![\w.+-])[1-8]\d{2}[01]\d[0-3]\d{7}(?![\w-]|\.\d)"
_WORDS = words("cnp", "cod(?:ul)? numeric personal", "romanian (?:personal|id)")

DETECTOR = Detector(
    "ro-cnp",
    Category.IDENTITY,
    (Pattern("number", _NUMBER, gate=_WORDS),),
    Numbers(_WORDS, Grade(Severity.HIGH, 0.97), valid=cnp),
)
