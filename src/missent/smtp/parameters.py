"""Parameters of MAIL and RCPT: SIZE (RFC 1870), BODY (RFC 6152), SMTPUTF8 (RFC 6531), and DSN's (RFC 3461, 6533).

A parameter is taken only if its extension was announced; what is taken is passed on character by character.
"""

import re
from dataclasses import dataclass

from missent.smtp.reply import Reply

_XTEXT = r"(?:[!-*,-<>-~]|\+[0-9A-F]{2})"
_XTEXT_OR_UTF8 = r"(?:[!-*,-<>-~\u0080-\U0010ffff]|\+[0-9A-F]{2})"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One known parameter: the extension that allows it, and what its value looks like."""

    extension: str
    value: re.Pattern[str]


def _known(extension: str, value: str) -> Parameter:
    return Parameter(extension, re.compile(value, re.IGNORECASE))


MAIL = {
    "SIZE": _known("SIZE", r"[0-9]{1,20}"),
    "BODY": _known("8BITMIME", r"7BIT|8BITMIME"),
    "SMTPUTF8": _known("SMTPUTF8", r""),
    "RET": _known("DSN", r"FULL|HDRS"),
    "ENVID": Parameter("DSN", re.compile(_XTEXT + "{1,100}")),
}
"""RFC 3461 4.3-4.4; ENVID holds at most 100 characters."""

RCPT = {
    "NOTIFY": _known("DSN", r"NEVER|(?:(?:SUCCESS|FAILURE|DELAY)(?:,(?!$)|$))+"),
    "ORCPT": Parameter("DSN", re.compile(r"(?i:rfc822|x400|utf-8|[a-z0-9-]{1,20});" + _XTEXT_OR_UTF8 + "{1,500}")),
}
"""RFC 3461 4.1-4.2 and, for the `utf-8` address type, RFC 6533 3; ORCPT holds at most 500 characters."""

_UNKNOWN = Reply.of("555 5.5.4 Parameter not recognised or not implemented")
_MALFORMED = Reply.of("501 5.5.4 Syntax error in parameter")


def read(text: str, known: dict[str, Parameter], extensions: frozenset[str]) -> dict[str, str] | Reply:
    """Read `KEY=value KEY …`: values by upper-case key, or the reply that refuses them."""
    values: dict[str, str] = {}
    for word in text.split():
        key, equals, value = word.partition("=")
        key = key.upper()
        parameter = known.get(key)
        if parameter is None or parameter.extension not in extensions:
            return _UNKNOWN
        if key in values or not parameter.value.fullmatch(value) or bool(equals) != bool(value):
            return _MALFORMED
        values[key] = value
    return values
