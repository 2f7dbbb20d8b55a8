"""The port of the outbox: rows written in the transaction that causes them, sent by the worker with leases."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class Parcel(StrEnum):
    """What a row makes the worker send."""

    NOTICE = "notice"
    REMINDER = "reminder"
    COPY = "copy"
    DSN = "dsn"


@dataclass(frozen=True, slots=True)
class Posting:
    """One thing to be sent.

    Attributes:
        copy_ids: the held copies it is about (one for COPY; several for NOTICE, REMINDER and DSN).
        attempts: how often it was tried before.
        created: when it was written; retries end `give_up` after it.
    """

    id: int
    parcel: Parcel
    hold_id: str
    copy_ids: tuple[int, ...]
    attempts: int
    created: datetime


class Outbox(Protocol):
    """Rows are leased, so that of several workers one sends; a lease that runs out is another's to take."""

    def lease(
        self, now: datetime, owner: str, limit: int = 20, hold_for: timedelta = timedelta(minutes=5)
    ) -> tuple[Posting, ...]:
        """Due rows, now leased to `owner`. COPY rows' held copies go to State.SENDING."""
        ...

    def done(self, posting: Posting, now: datetime) -> None:
        """It was accepted by the next hop; a COPY's held copy goes to State.SENT."""
        ...

    def again(self, posting: Posting, at: datetime, reply: str) -> None:
        """It was deferred: try again at `at`; `reply` is the next hop's word, shown in the console."""
        ...

    def failed(self, posting: Posting, now: datetime, reply: str) -> None:
        """It was refused for good; a COPY's held copy goes to State.FAILED and a DSN row is written."""
        ...

    def waiting(self) -> int:
        """Rows not yet sent."""
        ...
