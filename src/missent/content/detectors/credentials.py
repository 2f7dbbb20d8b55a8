"""`credentials`: what lets somebody in: passwords in prose, private keys, providers' tokens, connection strings.

A token has its issuer's form and must look random: placeholders (`xxxx`, `EXAMPLE`, `your-key-here`) are refused, and so is one
whose letters repeat too much. A password in prose is a word after "password is" or "pw:" that no sentence would have there.
"""

import json
import re
from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import Iterator
from math import log2

from missent.content.detectors.assigned import ENCODED_KEY, QUOTED, RANDOM, expression
from missent.content.detectors.detector import Category, Detector, Found, Grade, Hit, beside
from missent.content.detectors.numbers import words
from missent.content.detectors.passwords import PASSWORDS, password
from missent.content.detectors.tokens import TOKENS
from missent.content.matching.pattern import Pattern
from missent.nouns.finding import Severity

_KEY = r"-----BEGIN (?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----|\bPuTTY-User-Key-File-[23]\b"
_URL = r"(?i)\b[a-z][a-z0-9+.-]{1,20}://[^\s:@/\"'<>?#]{1,64}:([^\s@/\"'<>]{3,80})@[a-z0-9\[][a-z0-9.:\]-]{1,80}"
_ADO = (
    r"(?i)\b(?:server|data source|host(?:name)?|addr(?:ess)?|accountname|endpoint)[ ]?=[^;\n]{1,80};[^\n]{0,100}?"
    r"\b(?:password|pwd|accountkey|sharedaccesskey|sharedsecretvalue)[ ]?=[ ]?([^;\s\"']{3,90})"
)
_BASIC = r"(?i)\bauthorization:[ ]{0,2}(?:basic|bearer)[ ]{1,2}([A-Za-z0-9+/._=-]{12,200})"
_PLACEHOLDER = re.compile(
    r"(?i)example|sample|fake|changeme|change-me|placeholder|your|insert|redacted|dummy|xxxx|\*{3}|0{8}|1234567890|abcdefgh|a1b2c3d4|<|\$\{|#\{|\{\{|^[{\[$(*]|%\w+%|^x$"
)
_PARTS = re.compile(r"[^A-Za-z0-9]+")
_JWT = r"(?<![A-Za-z0-9])eyJ[\w-]{15,200}\.eyJ[\w-]{15}"
_STRINGS = ("connection-string", "ado-string", "authorization")
_SURE, _LIKELY = Grade(Severity.HIGH, 0.97), Grade(Severity.HIGH, 0.9)
_ASSIGNED, _MAYBE = Grade(Severity.HIGH, 0.85), Grade(Severity.MEDIUM, 0.7)
_ACCOUNT = words("user ?(?:name|id)?", "log ?[io]n(?: id| name)?", "account", "e-?mail(?: address)?", "id")


def _find(text: str, found: Found) -> Iterator[Hit]:
    for match in found.get("private-key", ()):
        yield Hit("private-key", text[match.end() : match.end() + 64].strip(), _SURE)
    for match in found.get("json-web-token", ()):
        if _is_object(match[0].partition(".")[0]):
            yield Hit("json-web-token", match[0], _SURE)
    for match in found.get("encoded-private-key", ()):
        yield Hit("encoded-private-key", match[0][:64], _SURE)
    yield from _tokens(found)
    yield from _assigned(found)
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


def _assigned(found: Found) -> Iterator[Hit]:
    for pattern in RANDOM:
        for match in found.get(pattern.name, ()):
            if _random(match[1]) and any(c.isdigit() for c in match[1]) and not expression(match[1]):
                yield Hit(pattern.name, match[1], _ASSIGNED)
    for pattern in QUOTED:
        for match in found.get(pattern.name, ()):
            value = match[match.re.groups]
            if not _PLACEHOLDER.search(value) and not expression(value):
                yield Hit("password", value, _ASSIGNED if any(not c.isalpha() for c in value) else _MAYBE)


def _passwords(text: str, found: Found) -> Iterator[Hit]:
    for pattern in PASSWORDS:
        for match in found.get(pattern.name, ()):
            value, grade = password(pattern.name, match, told=beside(text, match, _ACCOUNT, 80))
            if grade and not _PLACEHOLDER.search(value):
                yield Hit("password", value, grade)


def _random(token: str) -> bool:
    """Whether a token's letters, or those of its last part, vary as chance would have them: three bits a letter, seldom reached
    by words.
    """
    return max(_bits(token), _bits(_PARTS.split(token)[-1])) >= 3.0 and not _PLACEHOLDER.search(token)


def _bits(text: str) -> float:
    """Bits a letter (Shannon) of the letters as they are distributed in a text."""
    return -sum(n / len(text) * log2(n / len(text)) for n in Counter(text).values()) if text else 0.0


def _is_object(encoded: str) -> bool:
    """Whether it is a JSON object in base64url, as the header of a JSON web token is (RFC 7515 section 4)."""
    try:
        return isinstance(json.loads(urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))), dict)
    except (ValueError, RecursionError):
        return False


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
        ENCODED_KEY,
        *RANDOM,
        *QUOTED,
        *TOKENS,
    ),
    _find,
)
