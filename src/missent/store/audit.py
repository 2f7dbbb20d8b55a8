"""The chain of evidence read back: verified link by link against the key and the heads logged elsewhere, and exported."""

import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, select

from missent.nouns.audit import AuditEvent, Head
from missent.store.chain import BEFORE_ALL, append, mac_of
from missent.store.schema import audit_event, audit_head, micros

if TYPE_CHECKING:
    from missent.store.opened import Store

_FAULTS = 100
"""More are not listed: one is enough to know."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with the chain at one number: `changed`, `removed`, `unlinked`, `cut` or `rewritten`."""

    number: int
    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What `verify` found: the number of events, the newest head, and what is wrong; empty `faults` mean that nothing is."""

    events: int
    head: Head | None
    faults: tuple[Fault, ...]


class Audit:
    """The evidence of one store."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._key = store.keys.derive("audit-chain")

    def record(self, event: AuditEvent) -> None:
        """Append one event in a transaction of its own."""
        self._store.write(lambda connection: append(connection, event))

    def export(self) -> Iterator[dict[str, Any]]:
        """Every event, oldest first, as stored and chained, with its time also for people."""
        with self._store.read() as connection:
            for row in _rows(connection):
                yield _exported(row)

    def verify(self, heads: Iterable[Head] = ()) -> Verification:
        """Walk the chain. Finds events changed, removed, inserted or reordered by whoever has not the key; with heads logged
        elsewhere also a cut tail, and a chain rewritten by someone who has it.
        """
        logged: dict[int, set[str]] = {}
        for head in heads:
            logged.setdefault(head.number, set()).add(head.mac)
        walk = _Walk(self._key, logged)
        with self._store.read() as connection:
            faults = tuple(islice(walk.faults(_rows(connection)), _FAULTS))
            own = connection.execute(select(audit_head.c.number, audit_head.c.mac)).one_or_none()
        return Verification(walk.events, walk.head, faults or tuple(walk.tail((own.number, own.mac) if own else None)))


def _rows(connection: Connection) -> Iterator[Row[Any]]:
    yield from connection.execution_options(yield_per=1000).execute(select(audit_event).order_by(audit_event.c.number))


def _exported(row: Row[Any]) -> dict[str, Any]:
    return {
        "number": row.number,
        "time": row.at.isoformat(),
        "at": micros(row.at),
        "kind": row.kind,
        "actor": row.actor,
        "facts": json.loads(row.facts),
        "previous": row.previous,
        "mac": row.mac,
    }


class _Walk:
    """Link by link, each compared with its MAC, its predecessor and the heads logged."""

    def __init__(self, key: bytes, logged: dict[int, set[str]]) -> None:
        self._key = key
        self.logged = logged
        self.events = 0
        self.head: Head | None = None

    def faults(self, rows: Iterable[Row[Any]]) -> Iterator[Fault]:
        for row in rows:
            yield from self._link(row)
            self.head = Head(row.number, row.mac, row.at)
            self.events += 1

    def tail(self, own: tuple[int, str] | None) -> Iterator[Fault]:
        """What cannot be seen link by link: that the chain should go on."""
        last = self.head.number if self.head else 0
        if own != (last, self.head.mac if self.head else BEFORE_ALL):
            yield Fault(last + 1, "cut", f"the store's own head is not the last event, number {last}")
        beyond = max(self.logged, default=0)
        if beyond > last:
            yield Fault(last + 1, "cut", f"events {last + 1} to {beyond} are gone: head {beyond} was logged")

    def _link(self, row: Row[Any]) -> Iterator[Fault]:
        number, previous = (self.head.number, self.head.mac) if self.head else (0, BEFORE_ALL)
        fields = {name: getattr(row, name) for name in ("number", "kind", "actor", "facts", "previous")}
        if not hmac.compare_digest(mac_of(self._key, {**fields, "at": micros(row.at)}), row.mac):
            yield Fault(row.number, "changed", "the event does not fit its MAC: changed, moved, or made without the key")
        elif row.number != number + 1:
            yield Fault(number + 1, "removed", f"no event between {number} and {row.number}")
        elif row.previous != previous:
            yield Fault(row.number, "unlinked", "the event does not follow the one before it")
        elif self.logged.get(row.number, {row.mac}) != {row.mac}:
            yield Fault(row.number, "rewritten", "another event was logged as head under this number")
