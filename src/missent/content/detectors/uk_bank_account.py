"""`uk-bank-account`: a sort code and an account number, enough to take money by direct debit.

There is no check digit that does not need the banks' tables (Vocalink modulus rules), so both must be named: two words, two numbers
near each other are high; a pair in its usual spelling without words is medium; one alone is nothing.
"""

from collections.abc import Iterator

from missent.content.detectors.detector import Category, Detector, Found, Grade, Hit, bare, near
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_NEAR = 300
_SORT = r"(?i)\b(?:sort(?:ing)?[ -]?code|s/c)(?![a-z])[^\n\d]{0,20}(\d{2}([ -]?)\d{2}\2\d{2})(?![\w-])"
_ACCOUNT = r"(?i)\b(?:account|acct?|a/c)\b[^\n\d]{0,25}(\d{8}|\d{4} \d{4})(?![\w-]|[.,]\d)"
_PAIR = r"(?<![\w.+-])\d{2}-\d{2}-\d{2}[ \t/,]{1,3}\d{8}(?![\w-]|[.,]\d)"


def _find(text: str, found: Found) -> Iterator[Hit]:
    accounts = found.get("account", ())
    for sort in found.get("sort-code", ()):
        for account in near(accounts, sort.start(), _NEAR):
            yield Hit("account", bare(sort[1]) + bare(account[1]), Grade(Severity.HIGH, 0.95))
    for pair in found.get("pair", ()):
        yield Hit("pair", bare(pair[0]), Grade(Severity.MEDIUM, 0.7))


DETECTOR = Detector(
    "uk-bank-account",
    Category.FINANCE,
    (
        Pattern("sort-code", _SORT),
        Pattern("account", _ACCOUNT),
        Pattern("pair", _PAIR, digits=True),
    ),
    _find,
)
