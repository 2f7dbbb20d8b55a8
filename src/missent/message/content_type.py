"""Content-Type and Content-Transfer-Encoding of a part (RFC 2045 5, 6), forgiving as mail programs are."""

import re
from functools import lru_cache
from typing import NamedTuple

from missent.message.header import unfold

_TYPE = re.compile(r"\s*([\w.+-]+)\s*/\s*([\w.+-]+)", re.ASCII)
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


def content_type(value: bytes) -> ContentType:
    """Read a Content-Type; what cannot be read is text/plain (RFC 2045 5.2). Continuations (RFC 2231) are joined."""
    return _read(value[:_LONGEST])


@lru_cache(maxsize=256)  # the same few stand in nearly all mail
def _read(value: bytes) -> ContentType:
    text = unfold(value).decode("latin-1")
    found = _TYPE.match(text)
    if not found:
        return PLAIN
    return ContentType(f"{found[1]}/{found[2]}".lower(), parameters(text, found.end())[0])


def parameters(text: str, at: int) -> tuple[dict[str, str], set[str]]:
    """The parameters behind `at`, and which of them are extended (RFC 2231: split, or with a character set)."""
    given: dict[str, str] = {}
    extended: set[str] = set()
    for match in _PARAMETER.finditer(text, at):
        name, quoted, plain = match.groups()
        name = name.lower()
        said = plain or "" if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        split = "*" in text[match.start() : match.start(2) if quoted is not None else match.start(3)]
        if name not in given:
            given[name] = said
        elif split and name in extended:
            given[name] += said
        if split:
            extended.add(name)
    return given, extended


def transfer_encoding(value: bytes) -> str:
    """The encoding's token in lower case; comments and stray punctuation behind it dropped."""
    text = unfold(value[:_LONGEST]).decode("latin-1").split("(")[0].strip(" \t;\"'.")
    return text.lower()
