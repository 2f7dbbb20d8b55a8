"""The outbox of letters to wrong recipients: the port of `missent.delivery`, over rows of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, or_, select, update

from missent.nouns.posting import LEASE, Parcel, Posting, Progress
from missent.store.case_tables import case_letter

if TYPE_CHECKING:
    from missent.store.opened import Store

SENT, FAILED = "sent", "failed"


class CaseLetters:
    """Implements `missent.delivery.outbox.Outbox`. A posting's `hold_id` is the case, its one `copy_ids` the exposure."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def lease(self, now: datetime, owner: str, limit: int = 20, hold_for: timedelta = LEASE) -> tuple[Posting, ...]:
        """Due rows, now leased to `owner`."""
        return self._store.write(lambda connection: _lease(connection, now, owner, (limit, hold_for)))

    def renew(self, postings: Sequence[Posting], now: datetime, hold_for: timedelta = LEASE) -> frozenset[int]:
        """Keep these leases for longer; the ids of those still the caller's."""

        def write(connection: Connection) -> frozenset[int]:
            return frozenset(p.id for p in postings if _mine(connection, p, {"leased_until": now + hold_for}))

        return self._store.write(write)

    def done(self, posting: Posting, now: datetime) -> None:
        """It was accepted by the next hop."""
        self._change(posting, {"finished": now, "outcome": SENT})

    def pointless(self, posting: Posting, now: datetime) -> None:
        """There was nothing left to send."""
        self._change(posting, {"finished": now, "outcome": "pointless"})

    def again(self, posting: Posting, at: datetime, reply: str) -> None:
        """It was deferred: try again at `at`."""
        self._change(posting, {"due": at, "leased_until": None, "owner": "", "reply": reply})

    def failed(self, posting: Posting, now: datetime, reply: str) -> None:
        """It was refused for good."""
        self._change(posting, {"finished": now, "outcome": FAILED, "reply": reply})

    def about(self, hold_ids: Sequence[str]) -> tuple[Progress, ...]:
        """All rows of these cases, oldest first."""
        query = select(case_letter).where(case_letter.c.case_id.in_(hold_ids)).order_by(case_letter.c.id)
        with self._store.read() as connection:
            rows = connection.execute(query).all()
        return tuple(
            Progress(Parcel.LETTER, r.case_id, (r.entry,), r.attempts, r.due, r.finished, r.outcome == FAILED, r.reply)
            for r in rows
        )

    def waiting(self) -> int:
        """Rows not yet sent."""
        with self._store.read() as connection:
            query = select(func.count()).select_from(case_letter).where(case_letter.c.finished.is_(None))
            return int(connection.execute(query).scalar_one())

    def _change(self, posting: Posting, values: dict[str, object]) -> None:
        self._store.write(lambda connection: _mine(connection, posting, values))


def _lease(connection: Connection, now: datetime, owner: str, how: tuple[int, timedelta]) -> tuple[Posting, ...]:
    limit, hold_for = how
    free = or_(case_letter.c.leased_until.is_(None), case_letter.c.leased_until <= now)
    query = select(case_letter).where(case_letter.c.finished.is_(None), case_letter.c.due <= now, free)
    rows = connection.execute(query.order_by(case_letter.c.id).limit(limit).with_for_update(skip_locked=True)).all()
    taken = []
    for row in rows:
        values = {"owner": owner, "leased_until": now + hold_for, "attempts": row.attempts + 1}
        connection.execute(update(case_letter).where(case_letter.c.id == row.id).values(values))
        taken.append(Posting(row.id, Parcel.LETTER, row.case_id, (row.entry,), row.attempts, row.created))
    return tuple(taken)


def _mine(connection: Connection, about: Posting, values: dict[str, object]) -> bool:
    """Change a row only if its lease is still the one this posting came with."""
    same = (case_letter.c.id == about.id, case_letter.c.finished.is_(None), case_letter.c.attempts == about.attempts + 1)
    return connection.execute(update(case_letter).where(*same).values(values)).rowcount == 1
