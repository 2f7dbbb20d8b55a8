"""`us-ssn`: a US social security number, enough to borrow in another's name.

Areas, groups and serials never issued (SSA POMS RM 10201.035) and numbers printed in advertisements are refused. Written with
hyphens it is medium by itself; with a word beside it, however written, high.
"""

import re
from collections.abc import Iterator

from missent.content.detectors.detector import Detector, Hit, Span, beside, digits
from missent.nouns.finding import Severity

_NUMBER = re.compile(r"(?<![\w.+-])(?!000|666|9)\d{3}([ -]?)(?!00)\d{2}\1(?!0000)\d{4}(?![\w-]|\.\d)", re.ASCII)
_WORDS = re.compile(
    r"\bSSNs?\b|\bsocial security\b|\bsoc(?:ial)?\.? sec\b|\bsocial (?:number|no|#)|\bSS ?(?:#|no\b|number)", re.IGNORECASE
)
_PRINTED = frozenset({"078051120", "219099999", "123456789", "457555462"})


def _find(span: Span) -> Iterator[Hit]:
    for match in _NUMBER.finditer(*span):
        number = digits(match[0])
        if number in _PRINTED or len(set(number)) == 1:
            continue
        told = beside(span.text, *match.span(), _WORDS)
        if told or match[1] == "-":
            yield Hit("number", number, Severity.HIGH if told else Severity.MEDIUM, 0.97 if told else 0.7)


DETECTOR = Detector("us-ssn", (), _find)
