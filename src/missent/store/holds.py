"""The HoldBook over the database: each write is one transaction with its evidence and what has to leave."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, bindparam, delete, exists, func, insert, select, update

from missent.errors import HoldError
from missent.holds import evidence
from missent.holds.book import Decision
from missent.holds.consequences import of_change, of_keeping
from missent.holds.key import joins, lacking
from missent.holds.lessons import Confirmation, Correction, lessons, meant
from missent.holds.transitions import SETTLED
from missent.nouns.hold import HeldCopy, Hold, State, Step
from missent.store import bodies
from missent.store.chain import append
from missent.store.documents import bounded, copy_of, copy_row, hold_of, hold_row, plain
from missent.store.learning import learn
from missent.store.moving import hold_and_copy, move_on_record, post
from missent.store.schema import confirmation, correction, held_copy, hold, posting

if TYPE_CHECKING:
    from concurrent.futures import Future

    from missent.store.opened import Store

_AT_ONCE = 500

# Statements on the way of every held message are made once: making one costs more than running it.
_OPEN = select(hold).where(hold.c.open_key == bindparam("wanted"))
_NEW_HOLD = insert(hold)
_NEW_COPY = insert(held_copy)
_NEW_COPIES = insert(held_copy).returning(held_copy.c.id, sort_by_parameter_order=True)


class Holds:
    """Implements `missent.holds.book.HoldBook`."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._alias = store.keys.alias

    def keep(self, kept: Hold, body: bytes) -> Hold:
        """As the port says."""
        return self.keeping(kept, body).result()

    def keeping(self, kept: Hold, body: bytes) -> "Future[Hold]":
        """`keep` for those who must not wait: resolved when durable."""
        return self._store.submit(lambda connection: self._keep(connection, kept, body))

    def get(self, hold_id: str) -> Hold | None:
        """As the port says."""
        with self._store.read() as connection:
            return _get(connection, hold_id)

    def find(
        self, state: State | None = None, limit: int = 100, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[Hold, ...]:
        """As the port says."""
        query = select(hold).order_by(hold.c.created.desc(), hold.c.id).limit(limit)
        if state is not None:
            # coalesce keeps SQLite from the index by state, which it would walk whole for each hold
            stands = func.coalesce(held_copy.c.state, "") == state.value
            query = query.where(exists().where(held_copy.c.hold_id == hold.c.id, stands))
        if since is not None:
            query = query.where(hold.c.created >= since)
        if until is not None:
            query = query.where(hold.c.created < until)
        with self._store.read() as connection:
            rows = connection.execute(query).all()
            copies = _copies(connection, [row.id for row in rows])
        return tuple(hold_of(row, copies[row.id]) for row in rows)

    def standing(self) -> dict[State, tuple[int, datetime]]:
        """How many copies stand in each state that has any, and since when the oldest of them does."""
        query = select(held_copy.c.state, func.count(), func.min(held_copy.c.changed)).group_by(held_copy.c.state)
        with self._store.read() as connection:
            return {State(state): (count, since) for state, count, since in connection.execute(query)}

    def body(self, hold_id: str) -> bytes:
        """As the port says; also raises HoldError if its retention is over."""
        with self._store.read() as connection:
            row = connection.execute(select(hold.c.purged).where(hold.c.id == hold_id)).one_or_none()
            if row is None:
                raise HoldError("there is no such hold")
            if row.purged is not None:
                raise HoldError("the message has been removed: its retention is over")
            return bodies.read(connection, hold_id)

    def decide(self, decision: Decision) -> HeldCopy:
        """As the port says."""
        return self._store.write(lambda connection: self._decide(connection, decision))

    def expire(self, now: datetime) -> tuple[HeldCopy, ...]:
        """As the port says."""
        expired: list[HeldCopy] = []
        while some := self._store.write(lambda connection: self._expire(connection, now)):
            expired += some
        return tuple(expired)

    def withdraw(self, hold_id: str, copy_ids: Sequence[int], at: datetime) -> None:
        """As the port says."""
        self._store.write(lambda connection: self._withdraw(connection, hold_id, copy_ids, at))

    def view(self, hold_id: str, actor: str, at: datetime) -> None:
        """Record that somebody looked at a held message."""
        self._store.write(lambda connection: append(connection, evidence.viewed(hold_id, actor, at)))

    def purge(self, before: datetime, now: datetime) -> int:
        """Remove the messages of holds settled before a moment, with nothing left to send; rows stay. Returns how many."""
        purged = 0
        while some := self._store.write(lambda connection: _purge(connection, before, now)):
            purged += some
        return purged

    def _keep(self, connection: Connection, kept: Hold, body: bytes) -> Hold:
        row = connection.execute(_OPEN, {"wanted": kept.key}).one_or_none()
        earlier = hold_of(row, _copies(connection, [row.id])[row.id]) if row else None
        joined = earlier if earlier and joins(kept, earlier) else None
        if earlier and not joined:
            connection.execute(update(hold).where(hold.c.id == earlier.id).values(open_key=None))
        if not joined:
            connection.execute(_NEW_HOLD, hold_row(kept))
            bodies.write(connection, kept.id, body)
        parent = joined or replace(kept, copies=())
        new = tuple(replace(copy, changed=kept.created) for copy in lacking(parent.copies, kept.copies))
        added = _add(connection, parent, new)
        for copy in added:
            append(connection, evidence.kept(parent, copy, self._alias, kept.created))
        post(connection, parent.id, of_keeping(parent, added, kept.created), kept.created, joining=joined is not None)
        return replace(parent, copies=(*parent.copies, *added))

    def _decide(self, connection: Connection, decision: Decision) -> HeldCopy:
        parent, copy = hold_and_copy(connection, decision.hold_id, decision.copy_id)
        step = (decision.step, decision.actor, decision.at)
        said = {"decided_by": decision.actor, "reason": decision.reason}
        if decision.corrected_to:
            said["corrected_to"] = decision.corrected_to
        moved = move_on_record(connection, parent, copy, step, self._alias, **said)
        for lesson in lessons(parent, moved):
            _remember(connection, lesson, decision.at)
        told = meant(parent, moved)
        if told is not None:
            learn(connection, [told], self._store.history.here)
        post(connection, parent.id, of_change(parent, (moved,), decision.at), decision.at)
        return moved

    def _withdraw(self, connection: Connection, hold_id: str, copy_ids: Sequence[int], at: datetime) -> None:
        connection.execute(update(hold).where(hold.c.id == hold_id).values(open_key=None))  # sent again, it is held anew
        for number in copy_ids:
            parent, copy = hold_and_copy(connection, hold_id, number)
            if copy.state is State.HELD:
                move_on_record(connection, parent, copy, (Step.WITHDRAW, "gateway", at), self._alias)

    def _expire(self, connection: Connection, now: datetime) -> tuple[HeldCopy, ...]:
        past = select(held_copy).where(held_copy.c.state == State.HELD.value, held_copy.c.expires <= now)
        rows = connection.execute(past.order_by(held_copy.c.hold_id).limit(_AT_ONCE).with_for_update(skip_locked=True)).all()
        expired: list[HeldCopy] = []
        for hold_id, group in groupby(rows, key=lambda row: row.hold_id):
            parent = hold_of(connection.execute(select(hold).where(hold.c.id == hold_id)).one(), ())
            step = (Step.EXPIRE, "clock", now)
            moved = tuple(move_on_record(connection, parent, copy_of(row), step, self._alias) for row in group)
            post(connection, hold_id, of_change(parent, moved, now), now)
            expired += moved
        return tuple(expired)


def _get(connection: Connection, hold_id: str) -> Hold | None:
    row = connection.execute(select(hold).where(hold.c.id == hold_id)).one_or_none()
    return hold_of(row, _copies(connection, [hold_id])[hold_id]) if row else None


def _copies(connection: Connection, hold_ids: list[str]) -> dict[str, tuple[HeldCopy, ...]]:
    found: dict[str, list[Row[Any]]] = {hold_id: [] for hold_id in hold_ids}
    for start in range(0, len(hold_ids), _AT_ONCE):  # a statement takes only so many parameters
        some = hold_ids[start : start + _AT_ONCE]
        for row in connection.execute(select(held_copy).where(held_copy.c.hold_id.in_(some)).order_by(held_copy.c.id)):
            found[row.hold_id].append(row)
    return {hold_id: tuple(map(copy_of, rows)) for hold_id, rows in found.items()}


def _add(connection: Connection, parent: Hold, copies: tuple[HeldCopy, ...]) -> tuple[HeldCopy, ...]:
    """Write new copies; they come back with their numbers."""
    rows = [copy_row(parent, copy) for copy in copies]
    if len(rows) == 1:
        ids: Sequence[int] = connection.execute(_NEW_COPY, rows[0]).inserted_primary_key or ()
    else:
        ids = connection.execute(_NEW_COPIES, rows).scalars().all() if rows else []
    return tuple(replace(copy, id=number) for copy, number in zip(copies, ids, strict=True))


def _remember(connection: Connection, lesson: Correction | Confirmation, at: datetime) -> None:
    """Write what a decision taught; a later lesson on the same replaces the earlier."""
    if isinstance(lesson, Confirmation):
        same = (confirmation.c.sender == bounded(lesson.sender)) & (confirmation.c.address == bounded(lesson.address))
        connection.execute(delete(confirmation).where(same))
        connection.execute(insert(confirmation).values(sender=bounded(lesson.sender), address=bounded(lesson.address), at=at))
        return
    wrong, right = bounded(lesson.wrong), plain(lesson.right)
    for message_id in lesson.message_ids:
        thread = bounded(message_id)
        connection.execute(delete(correction).where(correction.c.message_id == thread, correction.c.wrong == wrong))
        connection.execute(insert(correction).values(message_id=thread, wrong=wrong, right_address=right, at=at))


def _purge(connection: Connection, before: datetime, now: datetime) -> int:
    settled = [state.value for state in SETTLED]
    unsettled = exists().where(
        held_copy.c.hold_id == hold.c.id, held_copy.c.state.not_in(settled) | (held_copy.c.changed >= before)
    )
    to_send = exists().where(posting.c.hold_id == hold.c.id, posting.c.finished.is_(None), posting.c.parcel != "reminder")
    query = select(hold.c.id).where(hold.c.purged.is_(None), hold.c.created < before, ~unsettled, ~to_send)
    ids = connection.execute(query.limit(_AT_ONCE).with_for_update(skip_locked=True)).scalars().all()
    for hold_id in ids:
        bodies.remove(connection, hold_id)
        connection.execute(update(hold).where(hold.c.id == hold_id).values(purged=now))
        append(connection, evidence.purged(hold_id, now))
    return len(ids)
