"""A day's figures: how many copies were held, when, by which rules, and what people then said.

A rule whose holds are mostly sent on unchanged asks for attention it does not deserve; the table shows it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from missent.nouns.hold import HeldCopy, Hold, State

_GONE = (State.CONFIRMED, State.RELEASED, State.CORRECTED, State.SENDING, State.SENT, State.FAILED)


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """One rule's copies of a day, by what became of them."""

    rule: str
    held: int
    corrected: int
    unchanged: int
    unsent: int
    waiting: int

    @property
    def overridden(self) -> float | None:
        """Share of decided copies that went on unchanged, 0-1; None if none is decided."""
        decided = self.held - self.waiting
        return self.unchanged / decided if decided else None


@dataclass(frozen=True, slots=True)
class Day:
    """The figures of one UTC day.

    Attributes:
        hours: copies held in each of its 24 hours.
        total: all rules together.
        rules: most copies first.
        failed: copies the next hop refused for good.
        warned: copies let go with a warning; none of the other figures counts them.
    """

    day: date
    hours: tuple[int, ...]
    total: RuleFigures
    rules: tuple[RuleFigures, ...]
    failed: int
    warned: int


def bounds(day: date) -> tuple[datetime, datetime]:
    """First moment of a UTC day and of the next."""
    start = datetime.combine(day, time(), UTC)
    return start, start + timedelta(days=1)


def figures(holds: Iterable[Hold], day: date) -> Day:
    """Count the holds created on a day; others are passed over."""
    start, end = bounds(day)
    written = [(hold, copy) for hold in holds if start <= hold.created < end for copy in hold.copies]
    made = [(hold, copy) for hold, copy in written if copy.state is not State.WARNED]
    hours = Counter(hold.created.astimezone(UTC).hour for hold, _ in made)
    rules = {copy.rule for _, copy in made}
    by_rule = [_of(rule, [copy for _, copy in made if copy.rule == rule]) for rule in rules]
    return Day(
        day=day,
        hours=tuple(hours[hour] for hour in range(24)),
        total=_of("", [copy for _, copy in made]),
        rules=tuple(sorted(by_rule, key=lambda r: (-r.held, r.rule))),
        failed=sum(copy.undelivered for _, copy in made),
        warned=len(written) - len(made),
    )


def _of(rule: str, copies: list[HeldCopy]) -> RuleFigures:
    became = Counter(_became(copy) for copy in copies)
    return RuleFigures(rule, len(copies), became["corrected"], became["unchanged"], became["unsent"], became["waiting"])


def _became(copy: HeldCopy) -> str:
    if copy.state is State.HELD:
        return "waiting"
    if copy.state in _GONE:
        return "corrected" if copy.corrected_to else "unchanged"
    return "unsent"
