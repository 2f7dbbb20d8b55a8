"""`nhs-number`: names a patient in England and Wales.

A tenth of telephone numbers pass its check, so a word must stand beside it.
"""

import re
from collections.abc import Iterator

from missent.content.detectors.checksums import nhs
from missent.content.detectors.detector import Detector, Hit, Span, beside, digits
from missent.nouns.finding import Severity

_NUMBER = re.compile(r"(?<![\w.+-])\d{3}([ -]?)\d{3}\1\d{4}(?![\w-])", re.ASCII)
_WORDS = re.compile(r"\bnhs\b(?! (?:direct|trust|foundation|helpline|switchboard))", re.IGNORECASE)
_TELEPHONE = re.compile(
    r"\b(?:tel|telephone|phone|call|ring|fax|mobile|helpline|switchboard)\b\W{0,3}(?:\w+\W{1,3}){0,2}$", re.IGNORECASE
)


def _find(span: Span) -> Iterator[Hit]:
    for match in _NUMBER.finditer(*span):
        number, start = digits(match[0]), match.start()
        if len(set(number)) == 1 or not nhs(number) or not beside(span.text, *match.span(), _WORDS):
            continue
        if not _TELEPHONE.search(span.text[max(0, start - 30) : start]):
            yield Hit("number", number, Severity.HIGH, 0.95)


DETECTOR = Detector("nhs-number", ("nhs",), _find)
