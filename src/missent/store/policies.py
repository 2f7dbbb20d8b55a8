"""The active policy as a row: every node judges by the newest, and what was in force when remains to be read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from missent.nouns.audit import AuditEvent
from missent.recipients.remembering import micros, moment
from missent.store.rows import EngineRows, Rows, many

if TYPE_CHECKING:
    from sqlalchemy import Connection

_ACTIVE = "SELECT number, version, text, at, actor FROM policy ORDER BY number DESC LIMIT 1"
_PUT = "INSERT INTO policy (version, text, at, actor) VALUES (:version, :text, :at, :actor)"


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """One policy that was made active.

    Attributes:
        number: grows with every change; a node that sees a higher one reads anew.
        version: "sha256:…" of the text in UTF-8.
        text: the TOML as given.
    """

    number: int
    version: str
    text: str
    at: datetime
    actor: str


def read_policy(rows: Rows) -> StoredPolicy | None:
    """The active policy; None before the first."""
    for number, version, text, at, actor in rows.rows(_ACTIVE):
        return StoredPolicy(number, version, text, moment(at), actor)
    return None


class Policies:
    """Reads and changes the active policy. `read` and `write` are the store's; both raise StoreError."""

    def __init__(
        self,
        read: Callable[[], AbstractContextManager[Connection]],
        write: Callable[[Callable[[Connection], StoredPolicy]], StoredPolicy],
    ) -> None:
        self._read = read
        self._write = write

    def active(self) -> StoredPolicy | None:
        """The active policy; None before the first."""
        with self._read() as connection:
            return read_policy(EngineRows(connection))

    def put(self, text: str, at: datetime, actor: str) -> StoredPolicy:
        """Make a text the active policy, already checked by the caller; the same text again changes nothing."""
        version = f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"

        def put(connection: Connection) -> StoredPolicy:
            from missent.store.chain import append

            rows = EngineRows(connection)
            active = read_policy(rows)
            if active is None or active.version != version:
                many(connection, _PUT, [{"version": version, "text": text, "at": micros(at), "actor": actor}])
                append(connection, AuditEvent(at, "policy.changed", actor, {"policy": version}))
                active = read_policy(rows)
            assert active is not None  # noqa: S101  just written
            return active

        return self._write(put)
