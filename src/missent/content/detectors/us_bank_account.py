"""`us-bank-account`: a bank's routing number and an account with it, enough for an ACH debit or a wire.

A routing number has a check digit (American Bankers Association, weights 3 7 1) and is public; named together with an account number
near it it is medium, since firms print both on invoices, and high when the account is said to be a person's: payroll, direct
deposit, checking, savings.
"""

from collections.abc import Iterator

from missent.content.detectors.checksums import aba
from missent.content.detectors.detector import Category, Detector, Found, Grade, Hit, bare, beside, near
from missent.content.detectors.numbers import words
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_NEAR = 250
_ROUTING = (
    r"(?i)\b(?:routing|transit|aba|rtn|aba/routing)\b(?:[ /]{0,2}(?:routing|transit|aba))?(?:[ .:#(-]{0,4}(?:no|num|number|code)\b)?"
    r"[^\w\n]{0,8}(\d{9}|\d{4}-\d{4}-\d)(?![\w-])"
)
_ACCOUNT = r"(?i)\b(?:account|acct?|a/c)\b[ .#:-]{0,4}(?:(?:no|num|number)\b)?[^\w\n]{0,8}(\d[\d-]{4,15}\d)(?![\w-]|[.,/]\d)"
_PERSONS = words("pay ?roll", "direct deposit", "checking", "savings", "salary", "pay ?check", "personal")


def _find(text: str, found: Found) -> Iterator[Hit]:
    accounts = found.get("account", ())
    for routing in found.get("routing", ()):
        if not aba(bare(routing[1])):
            continue
        for account in near(accounts, routing.start(), _NEAR):
            persons = beside(text, routing, _PERSONS, 150)
            grade = Grade(Severity.HIGH, 0.9) if persons else Grade(Severity.MEDIUM, 0.9)
            yield Hit("account", bare(routing[1]) + bare(account[1]), grade)


DETECTOR = Detector(
    "us-bank-account",
    Category.FINANCE,
    (
        Pattern("routing", _ROUTING),
        Pattern("account", _ACCOUNT),
    ),
    _find,
)
