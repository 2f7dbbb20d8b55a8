"""The chain of evidence: each event's MAC covers the one before it, under a key the store does not hold.

MAC = HMAC-SHA256(key, canonical JSON of number, time, kind, actor, facts and the previous MAC). Who can write to the
store but not read the key can neither change, remove, insert nor reorder an event; a cut tail, or a chain rewritten
by someone who has the key, is seen by the heads logged elsewhere.
"""

import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update

from missent.errors import ConfigError
from missent.nouns.audit import AuditEvent, Head
from missent.store import news
from missent.store.keys import Keys
from missent.store.schema import audit_event, audit_head, micros

BEFORE_ALL = "0" * 64
"""Stands for the MAC before the first event."""

_PENDING = "missent_audit_pending"

_LAST = select(audit_head.c.number, audit_head.c.mac).with_for_update()
_NEW = insert(audit_event)
_LENGTHEN = update(audit_head)


def append(connection: Connection, event: AuditEvent) -> None:
    """Add an event to the chain, in the transaction of a function given to `Store.submit` or `Store.write`.

    Numbered and chained at that transaction's end: the chain's lock is then the last one taken, so that two nodes
    cannot wait for each other. Raises RuntimeError outside such a transaction.
    """
    pending = connection.info.get(_PENDING)
    if pending is None:
        raise RuntimeError("an audit event was written outside Store.submit")
    pending.append(event)


def mac_of(key: bytes, event: Mapping[str, Any]) -> str:
    """MAC of an event given as its fields number, at (microseconds), kind, actor, facts (JSON), previous; hex."""
    return hmac.digest(key, canonical(event).encode(), "sha256").hex()


def canonical(value: Mapping[str, Any]) -> str:
    """JSON with sorted keys, no spaces, ASCII only: one value has one text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


class Chain:
    """Lengthens the chain at the end of each transaction."""

    def __init__(self, keys: Keys) -> None:
        self._key = keys.derive("audit-chain")

    def begin(self, connection: Connection) -> None:
        """Make room for the transaction's events."""
        connection.info[_PENDING] = []

    def mark(self, connection: Connection) -> int:
        """How many events wait: what to `cut` back to when a part of the transaction is undone."""
        return len(connection.info[_PENDING])

    def cut(self, connection: Connection, mark: int) -> None:
        """Forget the events of an undone part."""
        del connection.info[_PENDING][mark:]

    def seal(self, connection: Connection) -> Head | None:
        """Number and chain the waiting events; the new head, or None if there were none."""
        events: list[AuditEvent] = connection.info.pop(_PENDING)
        if not events:
            return None
        number, mac = connection.execute(_LAST).one()
        rows: list[dict[str, Any]] = []
        for event in events:
            number += 1
            row = {"number": number, "at": micros(event.at), "kind": event.kind, "actor": event.actor}
            row |= {"facts": canonical(event.facts), "previous": mac}
            mac = mac_of(self._key, row)
            rows.append({**row, "at": event.at, "mac": mac})
        connection.execute(_NEW, rows)
        connection.execute(_LENGTHEN, {"number": number, "mac": mac})
        if any(event.kind in news.KINDS for event in events):
            news.tell(connection, number)
        return Head(number, mac, events[-1].at)


def heads_file(path: Path) -> Callable[[Head], None]:
    """A listener that appends each head to a file as `number MAC time`, one a line. Raises ConfigError at once if it cannot."""
    try:
        path.open("a").close()
    except OSError as error:
        raise ConfigError(f"{path}: heads of the audit chain cannot be logged there: {error.strerror}") from None

    def log(head: Head) -> None:
        with path.open("a") as file:
            file.write(f"{head.number} {head.mac} {head.at.isoformat()}\n")

    return log


def read_heads(path: Path) -> tuple[Head, ...]:
    """The heads of a file made by `heads_file`, or of any log lines that hold the same three words in a row.

    Raises ConfigError if it cannot be read or holds no head.
    """
    try:
        lines = path.read_text(errors="replace").splitlines()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    heads = tuple(head for head in map(_head, lines) if head)
    if not heads:
        raise ConfigError(f"{path}: holds no head, expected lines `number MAC time`")
    return heads


def _head(line: str) -> Head | None:
    words = line.split()
    for number, mac, at in zip(words, words[1:], words[2:], strict=False):
        if number.isdecimal() and len(mac) == 64:
            try:
                return Head(int(number), mac, datetime.fromisoformat(at).astimezone(UTC))
            except ValueError:
                continue
    return None
