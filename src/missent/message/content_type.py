"""Content-Type, Content-Transfer-Encoding (RFC 2045 5, 6) and Content-Disposition (RFC 2183) of a part, forgiving as mail
programs are.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from missent.message.header import unfold

_TYPE = re.compile(r"\s*([\w.+-]+)\s*/\s*([\w.+-]+)", re.ASCII)
_TOKEN = re.compile(r"\s*([\w.+-]+)", re.ASCII)
_PARAMETER = re.compile(
    r';\s*+([\w.+-]++)(?:\*\d*+\*?+)?\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)(?:"|\\?\Z)|([^\s;"]*+))', re.ASCII | re.DOTALL
)
_LONGEST = 10_000

ENCODINGS = frozenset({"7bit", "8bit", "binary", "quoted-printable", "base64", ""})
"""The transfer encodings mail defines (RFC 2045 6.1, RFC 3030)."""


class ContentType(NamedTuple):
    """A media type in lower case, and its parameters (the first of each name; values as written)."""

    kind: str
    parameters: dict[str, str]

    def get(self, name: str) -> str:
        """A parameter's value, "" if absent."""
        return self.parameters.get(name, "")


PLAIN = ContentType("text/plain", {})
INLINE = ContentType("inline", {})
"""The disposition of a part that names none."""


def content_type(value: bytes) -> ContentType:
    """Read a Content-Type; what cannot be read is text/plain (RFC 2045 5.2). Continuations (RFC 2231) are joined."""
    return _read(value[:_LONGEST])


def disposition(value: bytes) -> ContentType:
    """Read a Content-Disposition; its `kind` is `inline`, `attachment` or whatever stands there."""
    text = unfold(value[:_LONGEST]).decode("latin-1")
    found = _TOKEN.match(text)
    return ContentType(found[1].lower(), _parameters(text, found.end())) if found else INLINE


@lru_cache(maxsize=256)  # the same few stand in nearly all mail
def _read(value: bytes) -> ContentType:
    text = unfold(value).decode("latin-1")
    found = _TYPE.match(text)
    return ContentType(f"{found[1]}/{found[2]}".lower(), _parameters(text, found.end())) if found else PLAIN


def _parameters(text: str, start: int) -> dict[str, str]:
    parameters: dict[str, str] = {}
    continued: set[str] = set()
    for match in _PARAMETER.finditer(text, start):
        name, quoted, plain = match.groups()
        name = name.lower()
        given = plain or "" if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        split = "*" in text[match.start() : match.start(2) if quoted is not None else match.start(3)]
        if name not in parameters:
            parameters[name] = given
        elif split and name in continued:
            parameters[name] += given
        if split:
            continued.add(name)
    return parameters


def transfer_encoding(value: bytes) -> str:
    """The encoding's token in lower case; comments and stray punctuation behind it dropped."""
    text = unfold(value[:_LONGEST]).decode("latin-1").split("(")[0].strip(" \t;\"'.")
    return text.lower()
