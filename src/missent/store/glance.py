"""A look into a SQLite store without SQLAlchemy: what a single verdict needs, a few milliseconds after start.

It only reads, and only a store of exactly this version's schema; everything else is for `open_store`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

from missent.errors import StoreError
from missent.recipients.remembering import Here
from missent.store.policies import StoredPolicy, read_policy
from missent.store.recall import Recall
from missent.store.register import read_register
from missent.store.rows import PlainRows

if TYPE_CHECKING:
    from missent.recipients.register import Register

_PREFIX = "sqlite:///"
_VERSIONS = Path(__file__).parent / "migrations" / "versions"


def glance(url: str, patience: float = 5.0) -> Glance | None:
    """A reading look into the store at a URL; None if there is no such file, or it needs `open_store` first
    (another database, or a schema to be migrated).

    Raises StoreError if the file cannot be read.
    """
    path = Path(url.removeprefix(_PREFIX))
    if not url.startswith(_PREFIX) or not path.is_file():
        return None
    try:
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=patience, isolation_level=None)
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        if "no such table" in str(error):
            return None
        raise StoreError(f"store: cannot be read ({error.sqlite_errorname})") from None
    newest = max(file.name[1:].partition("_")[0] for file in _VERSIONS.glob("v[0-9]*.py"))
    return Glance(connection) if found == (newest,) else None


class Glance:
    """One state of the store, as long as it is open. A context manager; errors inside become StoreError."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._rows = PlainRows(connection)

    def history(self, own: Iterable[str], registrable: Callable[[str], str | None] = lambda _: None) -> Recall:
        """The reading half of `History`."""
        return Recall(self._rows, Here(frozenset(own), registrable))

    def register(self) -> Register:
        """The register as it stands."""
        return read_register(self._rows)

    def policy(self) -> StoredPolicy | None:
        """The active policy; None if none was put."""
        return read_policy(self._rows)

    def __enter__(self) -> Self:
        self._connection.execute("BEGIN")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._connection.close()
        if isinstance(error, sqlite3.Error):
            raise StoreError(f"store: cannot be read ({error.sqlite_errorname})") from None
