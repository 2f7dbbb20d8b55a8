"""`de-personalausweis`: the number of a German identity card or passport.

Nine digits and letters without vowels, and a check digit by ICAO Doc 9303 (weights 7 3 1). A word must stand beside it.
"""

import re

from missent.content.detectors.checksums import icao
from missent.content.detectors.detector import Category, Detector, Grade
from missent.content.detectors.numbers import Numbers, words
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_NUMBER = r"(?<![\w-])[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}(?: ?<{0,2} ?)\d(?:D(?:<<)?)?(?![\w-])"
_WORDS = words(
    "(?:personal)?ausweis(?:[- ]?n\\w+\\.?)?",
    "reisepass(?:[- ]?n\\w+\\.?)?",
    "pass-?nr",
    "german (?:id(?:entity)? card|passport)",
)
_DIGITS = re.compile(r"\d")


def _valid(number: str) -> bool:
    return len(_DIGITS.findall(number)) >= 3 and icao(number[:9], number[9])


DETECTOR = Detector(
    "de-personalausweis",
    Category.IDENTITY,
    (Pattern("number", _NUMBER, gate=_WORDS),),
    Numbers(_WORDS, Grade(Severity.HIGH, 0.95), valid=_valid),
)
