"""What waits in the outbox to be sent by `missent.delivery`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

LEASE: Final = timedelta(seconds=30)
"""How long a crash may keep a row waiting; whoever is at work on it renews."""

LONGEST_LEASE: Final = timedelta(minutes=15)
LONGEST_WAIT: Final = timedelta(hours=2)
"""Twice the longest back-off."""


class Parcel(StrEnum):
    """What a row makes the worker send."""

    NOTICE = "notice"
    REMINDER = "reminder"
    COPY = "copy"
    DSN = "dsn"
    LETTER = "letter"


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


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one row of the outbox has come: what the console shows of it.

    Attributes:
        due: when it is tried next; of no meaning once `finished`.
        finished: when it was done or failed for good; None while it is still to be sent.
        reply: the next hop's last word where it deferred or refused; "" otherwise.
    """

    parcel: Parcel
    hold_id: str
    copy_ids: tuple[int, ...]
    attempts: int
    due: datetime
    finished: datetime | None = None
    failed: bool = False
    reply: str = ""
