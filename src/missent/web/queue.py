"""The console's list: which holds are shown, and how far what leaves because of them has come."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from missent.delivery.outbox import Parcel, Progress
from missent.nouns.hold import Hold, State

AGES = {"": "any age", "new": "last 24 hours", "old": "older than 24 hours", "due": "ends within 24 hours"}
LEAVING = {"": "any delivery", "waiting": "still to be sent", "retried": "being retried", "failed": "failed"}

_DAY = timedelta(days=1)
_STATES = frozenset(state.value for state in State)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a reviewer wants to see; words that mean nothing mean "any"."""

    state: State | None = None
    age: str = ""
    leaving: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Filter":
        """The filter a query string stands for."""
        state, age, leaving = (query.get(name, "") for name in ("state", "age", "leaving"))
        known = State(state) if state in _STATES else None
        return cls(known, age if age in AGES else "", leaving if leaving in LEAVING else "")

    def created(self, now: datetime) -> tuple[datetime | None, datetime | None]:
        """Moments between which the holds wanted were made; None for no bound."""
        return (now - _DAY if self.age == "new" else None, now - _DAY if self.age == "old" else None)

    def wants(self, hold: Hold, now: datetime) -> bool:
        """Whether a hold found so far is wanted: for "due", one with a copy whose time ends within a day."""
        if self.age != "due":
            return True
        return any(copy.state is State.HELD and copy.expires - now <= _DAY for copy in hold.copies)


@dataclass(frozen=True, slots=True)
class Line:
    """One hold in the list with its rows of the outbox."""

    hold: Hold
    progress: tuple[Progress, ...]

    @property
    def told(self) -> Progress | None:
        """The row worth telling of: one that failed, one being retried, one still to be sent, else none."""
        order = ("failed", "retried", "waiting")
        ranked = sorted((p for p in self.progress if leaving(p) in order), key=lambda p: order.index(leaving(p)))
        return ranked[0] if ranked else None


def leaving(progress: Progress) -> str:
    """How far a row has come: `sent`, `failed`, `retried` or `waiting`."""
    if progress.finished is None:
        return "retried" if progress.attempts else "waiting"
    return "failed" if progress.failed else "sent"


def lines(holds: Iterable[Hold], progress: Sequence[Progress], wanted: Filter) -> list[Line]:
    """The holds with theirs of the outbox, in the order given; only those whose mail has come as far as wanted."""
    by_hold: dict[str, list[Progress]] = {}
    for row in progress:
        by_hold.setdefault(row.hold_id, []).append(row)
    listed = (Line(hold, tuple(by_hold.get(hold.id, ()))) for hold in holds)
    return [line for line in listed if not wanted.leaving or any(leaving(p) == wanted.leaving for p in line.progress)]


def by_copy(progress: Iterable[Progress]) -> dict[int, Progress]:
    """The row that carries each copy to its recipient."""
    return {copy_id: row for row in progress if row.parcel is Parcel.COPY for copy_id in row.copy_ids}
