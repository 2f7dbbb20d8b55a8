"""The Outbox over the database: leases by guarded updates, so that of several workers, or nodes, one sends a row.

The lease's generation is its number of attempts: what a worker says after its lease went to another counts only if
it says the message was sent, which is then a fact.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, func, or_, select, update

from missent.holds.consequences import of_change
from missent.holds.transitions import LEAVING
from missent.nouns.audit import AuditEvent
from missent.nouns.hold import HeldCopy, Hold, State, Step
from missent.nouns.posting import LEASE, LONGEST_LEASE, LONGEST_WAIT, Parcel, Posting, Progress
from missent.store.chain import append
from missent.store.documents import POINTLESS, SENT, copy_of, plain, posting_of, progress_of
from missent.store.moving import hold_and_copy, move, move_on_record, post
from missent.store.schema import held_copy, posting

if TYPE_CHECKING:
    from missent.store.opened import Store


class Outbox:
    """Implements `missent.delivery.outbox.Outbox`."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._alias = store.keys.alias

    def lease(self, now: datetime, owner: str, limit: int = 20, hold_for: timedelta = LEASE) -> tuple[Posting, ...]:
        """As the port says. A reminder names only copies still held; one about none is finished unsent."""
        if not self._due(now):  # a worker that polls an idle store must not take its write lock
            return ()
        return self._store.write(lambda connection: _lease(connection, now, owner, limit, hold_for))

    def done(self, sent: Posting, now: datetime) -> None:
        """As the port says."""
        self._store.write(lambda connection: self._done(connection, sent, now))

    def pointless(self, about: Posting, now: datetime) -> None:
        """As the port says."""
        self._store.write(lambda connection: _mine(connection, about, {"finished": now, "outcome": POINTLESS}))

    def renew(self, postings: Sequence[Posting], now: datetime, hold_for: timedelta = LEASE) -> frozenset[int]:
        """As the port says."""

        def write(connection: Connection) -> frozenset[int]:
            kept = {"leased_until": now + hold_for}
            return frozenset(about.id for about in postings if _mine(connection, about, kept))

        return self._store.write(write)

    def again(self, deferred: Posting, at: datetime, reply: str) -> None:
        """As the port says."""

        def write(connection: Connection) -> None:
            freed = {"due": at, "leased_until": None, "owner": "", "outcome": plain(reply)}
            if _mine(connection, deferred, freed):
                _reply(connection, deferred, reply)

        self._store.write(write)

    def failed(self, refused: Posting, now: datetime, reply: str) -> None:
        """As the port says; a notice, reminder or DSN that was refused leaves an audit event and nothing else."""
        self._store.write(lambda connection: self._failed(connection, refused, now, reply))

    def about(self, hold_ids: Sequence[str]) -> tuple[Progress, ...]:
        """As the port says."""
        query = select(posting).where(posting.c.hold_id.in_(hold_ids)).order_by(posting.c.id)
        with self._store.read() as connection:
            return tuple(progress_of(row) for row in connection.execute(query))

    def waiting(self) -> int:
        """As the port says."""
        with self._store.read() as connection:
            return connection.execute(select(func.count()).where(posting.c.finished.is_(None))).scalar_one()

    def _due(self, now: datetime) -> bool:
        with self._store.read() as connection:
            return connection.execute(select(posting.c.id).where(*_free(now)).limit(1)).first() is not None

    def _done(self, connection: Connection, sent: Posting, now: datetime) -> None:
        unfinished = update(posting).where(posting.c.id == sent.id, posting.c.finished.is_(None))
        if not connection.execute(unfinished.values(finished=now, outcome=SENT)).rowcount:
            return
        if sent.parcel is Parcel.COPY:
            self._settle(connection, sent, Step.ACCEPT, now)
        elif sent.parcel is Parcel.DSN:
            for failed in (copy for copy in _copies(connection, sent.copy_ids) if copy.state is State.FAILED):
                parent, _ = hold_and_copy(connection, sent.hold_id, failed.id)
                move_on_record(connection, parent, failed, (Step.RETURN, "delivery", now), self._alias)

    def _failed(self, connection: Connection, refused: Posting, now: datetime, reply: str) -> None:
        if not _mine(connection, refused, {"finished": now, "outcome": plain(reply)}):
            return
        if refused.parcel is not Parcel.COPY:
            facts = {"hold": refused.hold_id, "parcel": refused.parcel.value}
            append(connection, AuditEvent(now, "delivery.failed", "delivery", facts))
            return
        parent, moved = self._settle(connection, refused, Step.REFUSE, now, reply=reply)
        post(connection, parent.id, of_change(parent, (moved,), now), now)

    def _settle(self, connection: Connection, about: Posting, step: Step, now: datetime, **said: str) -> tuple[Hold, HeldCopy]:
        parent, copy = hold_and_copy(connection, about.hold_id, about.copy_ids[0])
        return parent, move_on_record(connection, parent, copy, (step, "delivery", now), self._alias, **said)


def _free(now: datetime) -> tuple[Any, ...]:
    return (
        posting.c.finished.is_(None),
        or_(posting.c.due <= now, (posting.c.due > now + LONGEST_WAIT) & (posting.c.parcel != Parcel.REMINDER.value)),
        or_(posting.c.leased_until.is_(None), posting.c.leased_until <= now, posting.c.leased_until > now + LONGEST_LEASE),
    )


def _lease(connection: Connection, now: datetime, owner: str, limit: int, hold_for: timedelta) -> tuple[Posting, ...]:
    query = select(posting).where(*_free(now)).order_by(posting.c.due, posting.c.id).limit(limit)
    rows = connection.execute(query.with_for_update(skip_locked=True)).all()
    leased = []
    for row in rows:
        about = _still_about(connection, row)
        if about.copy_ids:
            leased.append(about)
        _take(connection, row, now, {"owner": owner, "leased_until": now + hold_for} if about.copy_ids else None)
    return tuple(leased)


def _take(connection: Connection, row: Row[Any], now: datetime, taken: dict[str, Any] | None) -> None:
    """Lease a row, or finish one that has become pointless."""
    values = {**taken, "attempts": row.attempts + 1} if taken else {"finished": now, "outcome": POINTLESS}
    connection.execute(update(posting).where(posting.c.id == row.id).values(values))
    if taken and row.parcel == Parcel.COPY:
        (copy,) = _copies(connection, posting_of(row).copy_ids)
        move(connection, copy, Step.SEND, "delivery", now)


def _still_about(connection: Connection, row: Row[Any]) -> Posting:
    """The posting, with only those copies it still makes sense for."""
    about = posting_of(row)
    if about.parcel not in (Parcel.REMINDER, Parcel.COPY):
        return about
    states = {State.HELD} if about.parcel is Parcel.REMINDER else LEAVING
    return replace(about, copy_ids=tuple(c.id for c in _copies(connection, about.copy_ids) if c.state in states))


def _copies(connection: Connection, ids: Iterable[int]) -> list[HeldCopy]:
    query = select(held_copy).where(held_copy.c.id.in_(ids)).order_by(held_copy.c.id)
    return [copy_of(row) for row in connection.execute(query)]


def _mine(connection: Connection, about: Posting, values: dict[str, Any]) -> bool:
    """Change a row only if its lease is still the one this posting came with."""
    same = (posting.c.id == about.id, posting.c.finished.is_(None), posting.c.attempts == about.attempts + 1)
    return connection.execute(update(posting).where(*same).values(values)).rowcount == 1


def _reply(connection: Connection, about: Posting, reply: str) -> None:
    if about.parcel is Parcel.COPY:
        connection.execute(update(held_copy).where(held_copy.c.id == about.copy_ids[0]).values(reply=plain(reply)))
