"""Who may ask about drafts, and whose: a file with a line for each token, which holds no token itself.

    sha256:<64 hex digits>  anna.clark@mod.example
    sha256:<64 hex digits>  *@mod.example            # the mail server's add-in, for everybody

A token speaks for the senders that its pattern matches and for nobody else: an answer tells what that sender wrote to whom.
"""

import hashlib
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from missent.errors import ConfigError

_LINE = re.compile(r"sha256:([0-9a-fA-F]{64})\s+(\S+@\S+)")


@dataclass(frozen=True, slots=True)
class Token:
    """One line. `digest`: SHA-256 of the token in hex; `senders`: glob on the address, lower case."""

    digest: str
    senders: str

    def speaks_for(self, sender: str) -> bool:
        """Whether it may ask about this sender's drafts (an address key)."""
        return fnmatchcase(sender, self.senders)


class Tokens:
    """The tokens of a file, read anew when it changes; a file that became wrong or went away lets nobody in."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._known: dict[str, Token] = {}

    def of(self, authorization: str) -> Token | None:
        """The token of an `Authorization: Bearer …` field (RFC 6750 2.1). Raises ConfigError as `read_tokens`."""
        kind, _, token = authorization.partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            return None
        return self._all().get(hashlib.sha256(token.strip().encode()).hexdigest())

    def _all(self) -> dict[str, Token]:
        try:
            state = self._path.stat()
        except OSError as error:
            raise ConfigError(f"{self._path}: cannot be read: {error.strerror}") from None
        if self._seen != (state.st_mtime_ns, state.st_size):
            self._known = {token.digest: token for token in read_tokens(self._path)}
            self._seen = state.st_mtime_ns, state.st_size
        return self._known


def read_tokens(path: Path) -> list[Token]:
    """Tokens of a file; `#` begins a comment. Raises ConfigError if it cannot be read, or a line is none."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ConfigError(f"{path}: cannot be read: {why}: is `[compose] tokens` right?") from None
    found = []
    for number, line in enumerate(lines, 1):
        text = line.partition("#")[0].strip()
        if text:
            told = _LINE.fullmatch(text)
            if told is None:
                raise ConfigError(f"{path}:{number}: expected `sha256:<64 hex digits> address or *@domain`")
            found.append(Token(told[1].lower(), told[2].lower()))
    return found
