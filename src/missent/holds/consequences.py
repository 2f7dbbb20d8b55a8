"""What has to leave because of something that happened to a hold: rows of the outbox, as data.

Nobody is written to unless `asks_sender`: a forged or forwarded reverse-path would make notices and DSNs backscatter.
"""

from dataclasses import dataclass
from datetime import datetime

from missent.nouns.hold import HeldCopy, Hold, State
from missent.nouns.posting import Parcel

_LETS_GO = frozenset({State.CONFIRMED, State.CORRECTED, State.RELEASED})
_TELLS = frozenset({State.RETURNED, State.EXPIRED, State.FAILED})


@dataclass(frozen=True, slots=True)
class Due:
    """A row the outbox must get.

    Attributes:
        copies: ids of the copies it is about.
        anew: a notice that is written though one has gone already: that one only warned, and this one asks.
    """

    parcel: Parcel
    copies: tuple[int, ...]
    at: datetime
    anew: bool = False


def of_keeping(hold: Hold, added: tuple[HeldCopy, ...], at: datetime) -> tuple[Due, ...]:
    """After copies were added to `hold`: a notice of those held and those warned of, a reminder at a third of the shortest
    wait, a DSN for those blocked.

    A hold has one notice: copies that came later join it, and the reminder, while it has not been taken up.
    """
    if not hold.asks_sender:
        return ()
    due: list[Due] = []
    held = tuple(copy for copy in added if copy.state is State.HELD)
    blocked = tuple(copy.id for copy in added if copy.state is State.RETURNED)
    told = tuple(copy.id for copy in added if copy.state in (State.HELD, State.WARNED))
    if told:
        due.append(Due(Parcel.NOTICE, told, at, anew=bool(held) and not any(map(_asked, hold.copies))))
    if held:
        wait = min(copy.expires for copy in held) - at
        due.append(Due(Parcel.REMINDER, tuple(copy.id for copy in held), at + wait / 3))
    if blocked:
        due.append(Due(Parcel.DSN, blocked, at))
    return tuple(due)


def of_change(hold: Hold, copies: tuple[HeldCopy, ...], at: datetime) -> tuple[Due, ...]:
    """After copies of one hold came to a new state: each let go leaves by itself, those that will not arrive share a DSN."""
    due = [Due(Parcel.COPY, (copy.id,), at) for copy in copies if copy.state in _LETS_GO]
    told = tuple(copy.id for copy in copies if copy.state in _TELLS)
    if told and hold.asks_sender:
        due.append(Due(Parcel.DSN, told, at))
    return tuple(due)


def _asked(copy: HeldCopy) -> bool:
    """Whether a copy was ever one to ask about: not warned of only, not blocked at once."""
    return copy.state is not State.WARNED and not (copy.state is State.RETURNED and not copy.decided_by)
