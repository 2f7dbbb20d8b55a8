"""What waits in the outbox to be sent by `missent.delivery`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
