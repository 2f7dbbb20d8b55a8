"""IMAP accounts, read-only: folders are examined, never selected, and messages peeked at, so that nothing there changes.

An account is named by a URL (RFC 5092), `imaps://user@host/Folder`, without a folder all of it. As a source it is a path made
of the URL with the folder's UIDVALIDITY, so that its messages' UIDs are offsets like those of a file, and reading goes on
behind any.
"""

import os
import re
import ssl
from collections.abc import Iterator
from imaplib import IMAP4
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote

from missent.archive.item import Item
from missent.archive.mbox import BEGINNING, LARGEST
from missent.errors import ConfigError
from missent.nouns.verdict import Skipped

if TYPE_CHECKING:
    from imapclient import IMAPClient

_URL = re.compile(
    r"(?:^|/)imaps:/{1,2}([^/@]+(?:@[^/@]+)?)@([^/@:]+|\[[^\]]+\])(?::(\d+))?(?:/([^/;]*)(?:;UIDVALIDITY=(\d+))?)?$"
)
_PORT = 993
_TIMEOUT = 60.0
_TOGETHER = 200
_OCTETS_TOGETHER = 16 << 20
_SIZES = 5_000
_USUAL = 50_000
"""Octets a mail mostly has, for servers that do not tell the size of a folder."""


class Account(NamedTuple):
    """An account, and one of its folders.

    Attributes:
        folder: as the server names it; "" for all.
        validity: the folder's UIDVALIDITY; 0 if it is not known yet.
    """

    user: str
    host: str
    port: int
    folder: str = ""
    validity: int = 0

    @property
    def path(self) -> Path:
        """The path that stands for this folder; no file is there."""
        user, folder = quote(self.user, safe=""), quote(self.folder, safe="")
        host = f"[{self.host}]" if ":" in self.host else self.host
        return Path(f"/imaps:/{user}@{host}:{self.port}/{folder};UIDVALIDITY={self.validity}")


def account_of(path: Path) -> Account | None:
    """The account that a path stands for, as it was given or as `Account.path` made it; None if it is none."""
    found = _URL.search(str(path))
    if not found:
        return None
    user, host, port, folder, validity = found.groups("")
    return Account(unquote(user), host.strip("[]"), int(port or _PORT), unquote(folder), int(validity or 0))


class Folder(NamedTuple):
    """A folder of an account as it stands: octets in it (where the server does not tell, as much as so many mails mostly are),
    and a number that changes when mail comes or goes.
    """

    account: Account
    octets: int
    version: int


def folders(account: Account) -> Iterator[Folder]:
    """The account's folders that hold messages, or the one that is named. Raises ConfigError if it cannot be asked."""
    if ":" in account.user:
        raise ConfigError("a password in a URL can be seen by others on this machine: use MISSENT_IMAP_PASSWORD_FILE")
    with _Open(account) as client:
        if account.folder:
            names = [account.folder]
        else:
            names = sorted(name for flags, _, name in client.list_folders() if b"\\noselect" not in {f.lower() for f in flags})
        asked = ["UIDVALIDITY", "UIDNEXT", "MESSAGES", *(["SIZE"] if client.has_capability("STATUS=SIZE") else [])]  # RFC 8438
        for name in names:
            status = client.folder_status(name, asked)
            count = int(status[b"MESSAGES"])
            octets, version = int(status.get(b"SIZE", count * _USUAL)), int(status[b"UIDNEXT"]) << 24 | count
            yield Folder(account._replace(folder=name, validity=int(status[b"UIDVALIDITY"])), octets, version)


def read_imap(path: Path, start: int = 0) -> Iterator[Item | Skipped]:
    """Messages of a folder with UIDs above `start`, in their order."""
    account = account_of(path)
    if account is None:
        yield Skipped(str(path), "cannot-be-opened")
        return
    reached = start
    try:
        with _Open(account) as client:
            kept = client.select_folder(account.folder, readonly=True)
            if kept[b"UIDVALIDITY"] != account.validity:
                yield Skipped(str(path), "imap-renumbered")
                return
            for uids in _batches(client, start):
                for found in _fetched(client, uids, str(path)):
                    yield found
                    reached = max(uids)
    except (ConfigError, OSError, IMAP4.error):
        yield Skipped(f"{path}:{reached}" if reached else str(path), "went-away")


def _batches(client: "IMAPClient", start: int) -> Iterator[list[int]]:
    """UIDs in order, as many as may be fetched together; one that is too large stands alone, negative."""
    uids = [uid for uid in sorted(client.search(["UID", f"{start + 1}:*"])) if uid > start]  # `n:*` always names the last
    for at in range(0, len(uids), _SIZES):
        batch: list[int] = []
        octets = 0
        sizes = client.fetch(uids[at : at + _SIZES], ["RFC822.SIZE"])
        for uid in sorted(sizes):
            size = sizes[uid].get(b"RFC822.SIZE", 0)
            if batch and (len(batch) >= _TOGETHER or octets + size > _OCTETS_TOGETHER):
                yield batch
                batch, octets = [], 0
            batch.append(uid)
            octets += size
        if batch:
            yield batch


def _fetched(client: "IMAPClient", uids: list[int], place: str) -> Iterator[Item | Skipped]:
    large = len(uids) == 1 and client.fetch(uids, ["RFC822.SIZE"])[uids[0]][b"RFC822.SIZE"] > LARGEST
    what = f"BODY.PEEK[]<0.{BEGINNING}>" if large else "BODY.PEEK[]"
    found = client.fetch(uids, [what])
    for uid in uids:
        raw = next((value for name, value in found.get(uid, {}).items() if name.startswith(b"BODY[")), None)
        if raw is None:  # it was expunged since it was listed
            yield Skipped(f"{place}:{uid}", "went-away")
        else:
            yield Item(raw, f"{place}:{uid}", uid)
            if large:
                yield Skipped(f"{place}:{uid}", "too-large")


class _Open:
    """A connection that is logged in. Raises ConfigError with what is wrong."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def __enter__(self) -> "IMAPClient":
        try:
            from imapclient import IMAPClient
        except ImportError:
            raise ConfigError("IMAP takes the extra `archive`: pip install 'missent[archive]'") from None
        account, secret = self._account, _secret()
        try:
            context = ssl.create_default_context()
            self._client = IMAPClient(account.host, account.port, ssl=True, ssl_context=context, timeout=_TIMEOUT)
        except OSError as error:
            raise ConfigError(f"imaps://{account.host}:{account.port} cannot be reached: {error}") from None
        try:
            self._client.oauth2_login(account.user, secret.text) if secret.token else self._client.login(
                account.user, secret.text
            )
        except (OSError, IMAP4.error):
            self._client.shutdown()
            raise ConfigError(f"imaps://{account.host}:{account.port} refuses the log-in") from None
        return self._client

    def __exit__(self, *_: object) -> None:
        try:
            self._client.logout()
        except (OSError, IMAP4.error):
            self._client.shutdown()


class _Secret(NamedTuple):
    text: str
    token: bool = False


def _secret() -> _Secret:
    """Password or OAuth token by file, or by environment. Raises ConfigError if there is none."""
    for name in ("MISSENT_IMAP_PASSWORD", "MISSENT_IMAP_TOKEN"):
        token = name.endswith("TOKEN")
        if file := os.environ.get(f"{name}_FILE"):
            try:
                return _Secret(Path(file).read_text().strip(), token)
            except OSError as error:
                raise ConfigError(f"{name}_FILE cannot be read: {error.strerror}") from None
        if text := os.environ.get(name):
            return _Secret(text, token)
    raise ConfigError("an IMAP account takes MISSENT_IMAP_PASSWORD_FILE, MISSENT_IMAP_TOKEN_FILE or MISSENT_IMAP_PASSWORD")
