"""`credentials`: what lets somebody in: passwords in prose, private keys, providers' tokens, connection strings.

A token has its issuer's form and must look random: placeholders (`xxxx`, `EXAMPLE`, `your-key-here`) are refused, and so is one
whose letters repeat too much. A password in prose is a word after "password is" or "pw:" that no sentence would have there.
"""

import re
from collections import Counter
from collections.abc import Iterator
from math import log2

from missent.content.detectors.detector import Category, Detector, Found, Grade, Hit, beside
from missent.content.detectors.numbers import words
from missent.content.detectors.passwords import PASSWORDS, password
from missent.content.detectors.tokens import TOKENS
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_KEY = r"-----BEGIN (?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----|\bPuTTY-User-Key-File-[23]:"
_URL = r"(?i)\b[a-z][a-z0-9+.-]{1,20}://[^\s:@/\"'<>?#]{1,64}:([^\s@/\"'<>]{3,80})@[a-z0-9\[][a-z0-9.:\]-]{1,80}"
_ADO = (
    r"(?i)\b(?:server|data source|host|addr(?:ess)?|accountname|endpoint)[ ]?=[^;\n]{1,80};[^\n]{0,100}?"
    r"\b(?:password|pwd|accountkey|sharedaccesskey)[ ]?=[ ]?([^;\s\"']{3,90})"
)
_BASIC = r"(?i)\bauthorization:[ ]{0,2}(?:basic|bearer)[ ]{1,2}([A-Za-z0-9+/._=-]{12,200})"
_PLACEHOLDER = re.compile(
    r"(?i)example|sample|changeme|change-me|placeholder|your|insert|redacted|dummy|xxxx|\*{3}|0{8}|1234567890|abcdefgh|<|\$\{|\{\{|%\w+%"
)
_JWT = r"(?<![A-Za-z0-9])eyJ[\w-]{15,200}\.eyJ[\w-]{15}"
_STRINGS = ("connection-string", "ado-string", "authorization")
_SURE, _LIKELY = Grade(Severity.HIGH, 0.97), Grade(Severity.HIGH, 0.9)
_ACCOUNT = words("user ?(?:name|id)?", "log ?[io]n(?: id| name)?", "account", "e-?mail(?: address)?", "id")


def _find(text: str, found: Found) -> Iterator[Hit]:
    for match in found.get("private-key", ()):
        yield Hit("private-key", text[match.end() : match.end() + 64].strip(), _SURE)
    for match in found.get("json-web-token", ()):
        yield Hit("json-web-token", match[0], _SURE)
    yield from _tokens(found)
    for kind in _STRINGS:
        for match in found.get(kind, ()):
            if not _PLACEHOLDER.search(match[1]):
                yield Hit(kind, match[1], _LIKELY)
    yield from _passwords(text, found)


def _tokens(found: Found) -> Iterator[Hit]:
    for token in TOKENS:
        for match in found.get(token.name, ()):
            if _random(match[0]):
                yield Hit(token.name, match[0], _SURE)


def _passwords(text: str, found: Found) -> Iterator[Hit]:
    for pattern in PASSWORDS:
        for match in found.get(pattern.name, ()):
            value, grade = password(pattern.name, match, told=beside(text, match, _ACCOUNT, 80))
            if grade and not _PLACEHOLDER.search(value):
                yield Hit("password", value, grade)


def _random(token: str) -> bool:
    """Whether a token's letters vary as chance would have them: three bits a letter, seldom reached by words."""
    counts = Counter(token).values()
    return -sum(n / len(token) * log2(n / len(token)) for n in counts) >= 3.0 and not _PLACEHOLDER.search(token)


DETECTOR = Detector(
    "credentials",
    Category.CREDENTIALS,
    (
        Pattern("private-key", _KEY),
        Pattern("connection-string", _URL),
        Pattern("ado-string", _ADO),
        Pattern("authorization", _BASIC),
        Pattern("json-web-token", _JWT),
        *PASSWORDS,
        *TOKENS,
    ),
    _find,
)
