"""Which step leads where, and who may take it: a held copy's whole life as one table.

What is not in the table is refused: a copy that was sent, returned or expired never moves again, and no step leads
from it, or from one that failed, to a recipient. That is what "exactly once" rests on.
"""

from enum import StrEnum

from missent.errors import HoldError
from missent.nouns.hold import HeldCopy, State, Step


class Who(StrEnum):
    """Who takes a step; told by the first word of an actor (`sender:<alias>`, `cli:<user>`, …)."""

    SENDER = "sender"
    REVIEWER = "reviewer"
    CLOCK = "clock"
    DELIVERY = "delivery"
    GATEWAY = "gateway"


_ACTORS = {
    "sender": Who.SENDER,
    "console": Who.REVIEWER,
    "cli": Who.REVIEWER,
    "clock": Who.CLOCK,
    "delivery": Who.DELIVERY,
    "gateway": Who.GATEWAY,
}

_SENDER, _REVIEWER = frozenset({Who.SENDER}), frozenset({Who.REVIEWER})
_CLOCK, _DELIVERY = frozenset({Who.CLOCK}), frozenset({Who.DELIVERY})

TABLE: dict[tuple[State, Step], tuple[State, frozenset[Who]]] = {
    (State.HELD, Step.CONFIRM): (State.CONFIRMED, _SENDER),
    (State.HELD, Step.CORRECT): (State.CORRECTED, _SENDER),
    (State.HELD, Step.RELEASE): (State.RELEASED, _REVIEWER),
    (State.HELD, Step.RETURN): (State.RETURNED, _SENDER | _REVIEWER),
    (State.HELD, Step.EXPIRE): (State.EXPIRED, _CLOCK),
    (State.HELD, Step.WITHDRAW): (State.RETURNED, frozenset({Who.GATEWAY})),  # its client heard that the message was refused
    (State.CONFIRMED, Step.SEND): (State.SENDING, _DELIVERY),
    (State.CORRECTED, Step.SEND): (State.SENDING, _DELIVERY),
    (State.RELEASED, Step.SEND): (State.SENDING, _DELIVERY),
    (State.SENDING, Step.SEND): (State.SENDING, _DELIVERY),  # a lease ran out: another worker takes over
    (State.SENDING, Step.ACCEPT): (State.SENT, _DELIVERY),
    (State.SENDING, Step.REFUSE): (State.FAILED, _DELIVERY),
    (State.FAILED, Step.RETURN): (State.RETURNED, _DELIVERY),  # its report to the sender was taken
}

FIRST = frozenset({State.HELD, State.RETURNED, State.WARNED})
"""States a copy begins in: kept back, blocked after DATA, or let go at once with a warning."""

SETTLED = frozenset({State.RETURNED, State.EXPIRED, State.SENT, State.FAILED, State.WARNED})
"""States in which nobody has anything more to decide, and from which no copy leaves for its recipient."""

LEAVING = frozenset({State.CONFIRMED, State.CORRECTED, State.RELEASED, State.SENDING})
"""States of a copy somebody let go and the next hop has not yet taken."""


def who(actor: str) -> Who:
    """Who an actor is. Raises HoldError for one that decides nothing."""
    kind = _ACTORS.get(actor.partition(":")[0])
    if kind is None:
        raise HoldError(f"{actor!r} is nobody who decides on held copies")
    return kind


def after(copy: HeldCopy, step: Step, actor: str, corrected_to: str | None = None) -> State:
    """The state a step leads to. Raises HoldError if this copy's state, or its rule, does not allow it to this actor."""
    entry = TABLE.get((copy.state, step))
    if entry is None:
        raise HoldError(f"copy {copy.id} is {copy.state}: {step} is no longer possible")
    state, allowed = entry
    taker = who(actor)
    if taker not in allowed:
        raise HoldError(f"{step} is not for a {taker}")
    if step is Step.CONFIRM and copy.decide != "sender":
        raise HoldError(f"copy {copy.id} waits for a reviewer: its sender cannot confirm it")
    if (step is Step.CORRECT) != bool(corrected_to):
        raise HoldError("a correction needs the right address, and nothing else has one")
    return state
