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


def lines(holds: Iterable[Hold], progress: Sequence[Progress], wanted: Filter, now: datetime) -> list[Line]:
    """The holds wanted, with theirs of the outbox, in the order given."""
    by_hold: dict[str, list[Progress]] = {}
    for row in progress:
        by_hold.setdefault(row.hold_id, []).append(row)
    listed = (Line(hold, tuple(by_hold.get(hold.id, ()))) for hold in holds)
    return [line for line in listed if _aged(line.hold, wanted.age, now) and _leaves(line, wanted.leaving)]


def by_copy(progress: Iterable[Progress]) -> dict[int, Progress]:
    """The row that carries each copy to its recipient."""
    return {copy_id: row for row in progress if row.parcel is Parcel.COPY for copy_id in row.copy_ids}


def _aged(hold: Hold, age: str, now: datetime) -> bool:
    if age == "due":
        return any(copy.state is State.HELD and copy.expires - now <= _DAY for copy in hold.copies)
    return not age or (now - hold.created <= _DAY) == (age == "new")


def _leaves(line: Line, wanted: str) -> bool:
    return not wanted or any(leaving(row) == wanted for row in line.progress)
