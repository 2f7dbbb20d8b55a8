"""`it-codice-fiscale`: the Italian tax code, made of name, date and place of birth.

Sixteen letters and digits whose last letter is a check (D.M. 23 December 1976); letters may stand for digits where two people
would share a code. The form alone is strong.
"""

from missent.content.detectors.checksums import codice_fiscale
from missent.content.detectors.detector import Category, Detector, Grade
from missent.content.detectors.numbers import Numbers, words
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_D = "[0-9LMNPQRSTUV]"
_NUMBER = rf"(?<![\w-])[A-Z]{{3}}( ?)[A-Z]{{3}}\1{_D}{{2}}[ABCDEHLMPRST][0-7LMNPQRST]{_D}\1[A-Z]{_D}{{3}}[A-Z](?![\w-])"

DETECTOR = Detector(
    "it-codice-fiscale",
    Category.TAX,
    (Pattern("number", _NUMBER),),
    Numbers(
        words("codice fiscale", r"c\.?f\.?", "cod fisc"),
        Grade(Severity.HIGH, 0.98),
        Grade(Severity.HIGH, 0.93),
        valid=codice_fiscale,
    ),
)
