"""`us-ssn`: a US social security number, enough to borrow in another's name.

Areas, groups and serials never issued (SSA POMS RM 10201.035) and numbers printed in advertisements are refused. Written with
hyphens it is medium by itself; with a word beside it, however written, high.
"""

import re
from collections.abc import Iterator

from missent.content.detectors.detector import Category, Detector, Found, Grade, Hit
from missent.content.detectors.numbers import Numbers
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_NUMBER = r"(?<![\w.+-])(?!000|666|9)\d{3}([ -]?)(?!00)\d{2}\1(?!0000)\d{4}(?![\w-]|\.\d)"
_WORDS = re.compile(
    r"(?i)\bSSNs?\b|\bsocial security\b|\bsoc(?:ial)?\.? sec\b|\bsocial (?:number|no|#)|\bSS ?(?:#|no\b|number)"
)
_PRINTED = frozenset({"078051120", "219099999", "123456789", "457555462"})
_HYPHENS = Grade(Severity.MEDIUM, 0.7)
_NUMBERS = Numbers(_WORDS, Grade(Severity.HIGH, 0.97), _HYPHENS, valid=lambda number: number not in _PRINTED)


def _find(text: str, found: Found) -> Iterator[Hit]:
    hyphened = {m[0].replace("-", "") for m in found["number"] if m[1] == "-"}
    for hit in _NUMBERS(text, found):
        if hit.grade is not _HYPHENS or hit.value in hyphened:
            yield hit


DETECTOR = Detector("us-ssn", Category.IDENTITY, (Pattern("number", _NUMBER, digits=True),), _find)
