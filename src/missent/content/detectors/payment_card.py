"""`payment-card`: the number of a payment card, which is money to whoever reads it.

Issuer range and length (ISO/IEC 7812), then Luhn. A tenth of all numbers pass Luhn, so a bare run is only medium; four groups
or a word such as `card` or `expiry` beside it makes it high, and then every issuer with a card's first digit is believed.
"""

import re
from collections.abc import Iterator

from missent.content.detectors.checksums import luhn
from missent.content.detectors.detector import Category, Detector, Found, Grade, Hit, bare, beside
from missent.content.detectors.numbers import words
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_NUMBER = r"(?<![\w.-])(?<![+/=])(?:[2-6]\d{3}|1800)([ -]?)\d{2,6}(?:\1\d{1,6}){1,4}(?![\w-]|[./]\d)"
_GROUPED = re.compile(r"\d{4}([ -])\d{4}\1\d{4}\1\d{4}|3\d{3}([ -])\d{6}\2\d{5}", re.ASCII)
_WORDS = words(
    "cards?", "credit ?card", "debit", "visa", "master ?card", "amex", "american express", "maestro", "discover", r"expir\w+", "exp",
    "cvv2?", "cvc", "kreditkarte", "carte bancaire",
)  # fmt: skip
_ISSUERS = tuple(
    (re.compile(range_), lengths)
    for range_, lengths in (
        (r"4", (13, 16, 19)),
        (r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", (16,)),
        (r"3[47]", (15,)),
        (r"3(?:0[0-5]|[689])", (14, 16)),
        (r"6011|65|64[4-9]|622", (16, 19)),
        (r"35(?:2[89]|[3-8])", (16,)),
        (r"2131|1800", (15,)),
    )
)
_CARDS = re.compile(r"[3-6]")


def _find(text: str, found: Found) -> Iterator[Hit]:
    for match in found["number"]:
        number = bare(match[0])
        if len(set(number)) > 1 and luhn(number):
            told = beside(text, match, _WORDS)
            if _issued(number, told=told):
                yield Hit("number", number, _grade(told=told, grouped=_GROUPED.fullmatch(match[0]) is not None))


def _grade(*, told: bool, grouped: bool) -> Grade:
    sure = told or grouped
    return Grade(Severity.HIGH if sure else Severity.MEDIUM, 0.97 if told else 0.9 if sure else 0.6)


def _issued(number: str, *, told: bool) -> bool:
    if told and 12 <= len(number) <= 19 and _CARDS.match(number):
        return True
    return any(range_.match(number) and len(number) in lengths for range_, lengths in _ISSUERS)


DETECTOR = Detector("payment-card", Category.FINANCE, (Pattern("number", _NUMBER, digits=True),), _find)
