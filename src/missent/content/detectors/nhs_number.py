"""`nhs-number`: names a patient in England and Wales.

A tenth of telephone numbers pass its check (NHS Data Dictionary, modulus 11), so a word must stand beside it.
"""

import re

from missent.content.detectors.checksums import nhs
from missent.content.detectors.detector import Category, Detector, Grade
from missent.content.detectors.numbers import Numbers
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_NUMBER = r"(?<![\w.+-])\d{3}([ -]?)\d{3}\1\d{4}(?![\w-])"
_WORDS = re.compile(r"(?i)\bnhs\b(?! (?:direct|trust|foundation|helpline|switchboard))", re.ASCII)
_TELEPHONE = re.compile(
    r"(?i)\b(?:tel|telephone|phone|call|ring|fax|mobile|helpline|switchboard)\b\W{0,3}(?:\w+\W{1,3}){0,2}$", re.ASCII
)


def _no_telephone(text: str, match: re.Match[str]) -> bool:
    return not _TELEPHONE.search(text[max(0, match.start() - 30) : match.start()])


DETECTOR = Detector(
    "nhs-number",
    Category.MEDICAL,
    (Pattern("number", _NUMBER, gate=_WORDS),),
    Numbers(_WORDS, Grade(Severity.HIGH, 0.95), valid=nhs, strict=_no_telephone),
)
