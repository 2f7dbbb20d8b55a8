"""`uk-national-insurance`: a National Insurance number, the key to a person's tax and benefits.

Letters that HMRC never issues (NIM39110) are refused; there is no check digit, so without a word beside it it is medium.
"""

import re
from collections.abc import Iterator

from missent.content.detectors.detector import Detector, Hit, Span, beside
from missent.nouns.finding import Severity

_NUMBER = re.compile(
    r"(?<![\w-])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]([ -]?)\d{2}\1\d{2}\1\d{2}\1[A-D](?![\w-])", re.ASCII
)
_WORDS = re.compile(r"\bnational insurance\b|\bnino\b|\bN\.?I\.?(?: ?(?:no|num|number|#))?\b", re.IGNORECASE)


def _find(span: Span) -> Iterator[Hit]:
    for match in _NUMBER.finditer(*span):
        number = match[0].replace(" ", "").replace("-", "")
        told = beside(span.text, *match.span(), _WORDS)
        yield Hit("number", number, Severity.HIGH if told else Severity.MEDIUM, 0.97 if told else 0.7)


DETECTOR = Detector("uk-national-insurance", (), _find)
