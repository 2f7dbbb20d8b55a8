"""The outbox in memory: the same leases, nothing durable. Made by `MemoryHolds`."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from missent.holds.consequences import Due, of_change
from missent.holds.transitions import LEAVING
from missent.nouns.hold import State, Step
from missent.nouns.posting import LEASE, LONGEST_LEASE, LONGEST_WAIT, Parcel, Posting, Progress

if TYPE_CHECKING:
    from missent.testing.holds import MemoryHolds


@dataclass(slots=True)
class _Row:
    posting: Posting
    due: datetime
    leased_until: datetime | None = None
    finished: datetime | None = None
    failed: bool = False
    reply: str = ""

    def progress(self) -> Progress:
        about = self.posting
        ids, attempts = about.copy_ids, about.attempts
        return Progress(about.parcel, about.hold_id, ids, attempts, self.due, self.finished, self.failed, self.reply)

    def free(self, now: datetime) -> bool:
        astray = self.due > now + LONGEST_WAIT and self.posting.parcel is not Parcel.REMINDER
        leased = self.leased_until is not None and now < self.leased_until <= now + LONGEST_LEASE
        return not self.finished and (self.due <= now or astray) and not leased


class MemoryOutbox:
    """Implements `missent.delivery.outbox.Outbox`; one thread only."""

    def __init__(self, holds: "MemoryHolds") -> None:
        self._holds = holds
        self._rows: dict[int, _Row] = {}
        self._numbers = itertools.count(1)

    def post(self, hold_id: str, dues: Iterable[Due], created: datetime) -> None:
        """Put rows in; copies that came later join a notice or reminder not yet taken up."""
        for due in dues:
            earlier = self._latest(hold_id, due.parcel) if due.parcel in (Parcel.NOTICE, Parcel.REMINDER) else None
            if earlier and not earlier.finished and earlier.posting.attempts == 0:
                earlier.posting = replace(earlier.posting, copy_ids=(*earlier.posting.copy_ids, *due.copies))
            elif not (earlier and due.parcel is Parcel.NOTICE and not due.anew):
                number = next(self._numbers)
                self._rows[number] = _Row(Posting(number, due.parcel, hold_id, due.copies, 0, created), due.at)

    def lease(
        self,
        now: datetime,
        owner: str,
        limit: int = 20,
        hold_for: timedelta = LEASE,
    ) -> tuple[Posting, ...]:
        """As the port says."""
        leased = []
        free = sorted((row for row in self._rows.values() if row.free(now)), key=lambda row: (row.due, row.posting.id))
        for row in free[:limit]:
            about = self._still_about(row.posting)
            if not about.copy_ids:
                row.finished = now
                continue
            leased.append(about)
            row.posting, row.leased_until = replace(row.posting, attempts=about.attempts + 1), now + hold_for
            if about.parcel is Parcel.COPY:
                _, copy = self._holds.copy(about.hold_id, about.copy_ids[0])
                self._holds.move(about.hold_id, copy, Step.SEND, "delivery", now)
        return tuple(leased)

    def done(self, posting: Posting, now: datetime) -> None:
        """As the port says."""
        row = self._rows[posting.id]
        if not row.finished and posting.parcel is Parcel.COPY:
            _, copy = self._holds.copy(posting.hold_id, posting.copy_ids[0])
            self._holds.move(posting.hold_id, copy, Step.ACCEPT, "delivery", now)
        if not row.finished and posting.parcel is Parcel.DSN:
            copies = [self._holds.copy(posting.hold_id, number)[1] for number in posting.copy_ids]
            for copy in (copy for copy in copies if copy.state is State.FAILED):
                self._holds.move(posting.hold_id, copy, Step.RETURN, "delivery", now)
        row.finished, row.reply = now, ""

    def pointless(self, posting: Posting, now: datetime) -> None:
        """As the port says."""
        row = self._mine(posting)
        if row:
            row.finished = now

    def renew(self, postings: Sequence[Posting], now: datetime, hold_for: timedelta = LEASE) -> frozenset[int]:
        """As the port says."""
        ours = [row for row in map(self._mine, postings) if row]
        for row in ours:
            row.leased_until = now + hold_for
        return frozenset(row.posting.id for row in ours)

    def again(self, posting: Posting, at: datetime, reply: str) -> None:
        """As the port says."""
        row = self._mine(posting)
        if row:
            row.due, row.leased_until, row.reply = at, None, reply
            if posting.parcel is Parcel.COPY:
                _, copy = self._holds.copy(posting.hold_id, posting.copy_ids[0])
                self._holds.put(posting.hold_id, replace(copy, reply=reply))

    def failed(self, posting: Posting, now: datetime, reply: str) -> None:
        """As the port says."""
        row = self._mine(posting)
        if not row:
            return
        row.finished, row.failed, row.reply = now, True, reply
        if posting.parcel is Parcel.COPY:
            hold, copy = self._holds.copy(posting.hold_id, posting.copy_ids[0])
            moved = self._holds.move(hold.id, replace(copy, reply=reply), Step.REFUSE, "delivery", now)
            self.post(hold.id, of_change(hold, (moved,), now), now)

    def about(self, hold_ids: Sequence[str]) -> tuple[Progress, ...]:
        """As the port says."""
        return tuple(row.progress() for row in self._rows.values() if row.posting.hold_id in hold_ids)

    def waiting(self) -> int:
        """As the port says."""
        return sum(not row.finished for row in self._rows.values())

    def _latest(self, hold_id: str, parcel: Parcel) -> _Row | None:
        found = [r for r in self._rows.values() if r.posting.hold_id == hold_id and r.posting.parcel is parcel]
        return found[-1] if found else None

    def _mine(self, posting: Posting) -> _Row | None:
        row = self._rows[posting.id]
        return row if not row.finished and row.posting.attempts == posting.attempts + 1 else None

    def _still_about(self, posting: Posting) -> Posting:
        if posting.parcel not in (Parcel.REMINDER, Parcel.COPY):
            return posting
        states = {State.HELD} if posting.parcel is Parcel.REMINDER else LEAVING
        return replace(
            posting,
            copy_ids=tuple(c for c in posting.copy_ids if self._holds.copy(posting.hold_id, c)[1].state in states),
        )
