"""The secrets of one installation, in a file outside the store: who copies the store cannot rewrite its evidence.

One random secret with an id; every use derives its own key from it (HMAC-SHA256 with a label, as in NIST SP 800-108),
so that a link token can never pass for a MAC of the audit chain.
"""

import hmac
import os
import secrets
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from missent import tables
from missent.errors import ConfigError

_BYTES = 32


@dataclass(frozen=True, slots=True)
class Keys:
    """The secret and what is derived from it.

    Attributes:
        id: says which file belongs to which store; no secret.
        secret: 32 random octets.
    """

    id: str
    secret: bytes = field(repr=False)

    def derive(self, label: str) -> bytes:
        """A key of 32 octets for one purpose, e.g. `audit-chain`, `link`."""
        return hmac.digest(self.secret, b"missent/1/" + label.encode(), "sha256")

    def alias(self, address_key: str) -> str:
        """What the evidence calls an address: 16 hex digits nobody can reverse or confirm without the key."""
        return hmac.digest(self.derive("alias"), address_key.encode("utf-8", "surrogatepass"), "sha256").hex()[:16]

    @property
    def check(self) -> str:
        """What the store keeps to recognise its keys by; tells nothing about them."""
        return self.derive("check").hex()[:32]


def fresh() -> Keys:
    """New random keys."""
    return Keys(secrets.token_hex(4), secrets.token_bytes(_BYTES))


CONTENT = "content"
"""Label of the key with which values found in content, and attachments, are hashed."""


@dataclass(frozen=True, slots=True)
class _File:
    id: str
    secret: str


def load(path: Path) -> Keys:
    """Read a key file. Raises ConfigError if it is missing, open to others, or not a key file."""
    raw = tables.shape(tables.load(path), _File, str(path))
    try:
        secret = bytes.fromhex(raw.secret)
    except ValueError:
        secret = b""
    if len(secret) != _BYTES:
        raise ConfigError(f"{path}: key `secret` is not what it should be, expected {2 * _BYTES} hexadecimal digits")
    if path.stat().st_mode & 0o037:  # the group may read: that is how container platforms hand out secrets
        raise ConfigError(f"{path}: others can read or change it, expected mode 0600: chmod 600 {path}")
    return Keys(raw.id, secret)


def load_or_create(path: Path) -> Keys:
    """Read the key file, made first (mode 0600) when absent. Of several processes starting at once, one makes it."""
    if not path.exists():
        try:
            _create(path, fresh())
        except OSError as error:
            raise ConfigError(f"{path}: key file cannot be made: {error.strerror}") from None
    return load(path)


def _create(path: Path, keys: Keys) -> None:
    """Write beside, then link: nobody ever reads half a key, and the first of several wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=".missent-key-", dir=path.parent)  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(f'# missent: keep this file secret, and keep a copy away from the store\nid = "{keys.id}"\n')
            file.write(f'secret = "{keys.secret.hex()}"\n')
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(beside)
    except FileExistsError:
        pass
    finally:
        Path(beside).unlink()
