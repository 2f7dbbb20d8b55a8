"""The port of the outbox: rows written in the transaction that causes them, sent by the worker with leases."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from missent.nouns.posting import LEASE, Parcel, Posting, Progress

__all__ = ["LEASE", "Outbox", "Parcel", "Posting", "Progress"]


class Outbox(Protocol):
    """Rows are leased, so that of several workers one sends; a lease that runs out is another's to take."""

    def lease(self, now: datetime, owner: str, limit: int = 20, hold_for: timedelta = LEASE) -> tuple[Posting, ...]:
        """Due rows, now leased to `owner`. COPY rows' held copies go to State.SENDING.

        A lease that ends more than `posting.LONGEST_LEASE` from now, or a row other than a reminder due more than
        `posting.LONGEST_WAIT` from now, was written by a clock that was wrong: it is taken up, too.
        """
        ...

    def renew(self, postings: Sequence[Posting], now: datetime, hold_for: timedelta = LEASE) -> frozenset[int]:
        """Keep these leases for longer; the ids of those that are still the caller's."""
        ...

    def done(self, posting: Posting, now: datetime) -> None:
        """It was accepted by the next hop; a COPY's held copy goes to State.SENT, a DSN's failed copies to State.RETURNED."""
        ...

    def pointless(self, posting: Posting, now: datetime) -> None:
        """There was nothing left to send."""
        ...

    def again(self, posting: Posting, at: datetime, reply: str) -> None:
        """It was deferred: try again at `at`; `reply` is the next hop's word, shown in the console."""
        ...

    def failed(self, posting: Posting, now: datetime, reply: str) -> None:
        """It was refused for good; a COPY's held copy goes to State.FAILED and a DSN row is written."""
        ...

    def about(self, hold_ids: Sequence[str]) -> tuple[Progress, ...]:
        """All rows of these holds, oldest first."""
        ...

    def waiting(self) -> int:
        """Rows not yet sent."""
        ...
