"""Which step leads where: an exposure's way through a case, as one table."""

from enum import StrEnum

from missent.errors import CaseError


class State(StrEnum):
    """Where one exposure of a case stands."""

    FOUND = "found"
    ASSESSED = "assessed"
    CONTAINED = "contained"
    NOTIFIED = "notified"
    CLOSED = "closed"


class Step(StrEnum):
    """What moves it on; each is a decision with a reason."""

    ASSESS = "assess"
    CONTAIN = "contain"
    NOTIFY = "notify"
    CLOSE = "close"
    REOPEN = "reopen"


TABLE: dict[tuple[State, Step], State] = {
    (State.FOUND, Step.ASSESS): State.ASSESSED,
    (State.FOUND, Step.CONTAIN): State.CONTAINED,  # containing cannot wait for an assessment
    (State.ASSESSED, Step.ASSESS): State.ASSESSED,
    (State.ASSESSED, Step.CONTAIN): State.CONTAINED,
    (State.ASSESSED, Step.NOTIFY): State.NOTIFIED,
    (State.ASSESSED, Step.CLOSE): State.CLOSED,
    (State.CONTAINED, Step.ASSESS): State.CONTAINED,
    (State.CONTAINED, Step.CONTAIN): State.CONTAINED,  # asked once more
    (State.CONTAINED, Step.NOTIFY): State.NOTIFIED,
    (State.CONTAINED, Step.CLOSE): State.CLOSED,
    (State.NOTIFIED, Step.CONTAIN): State.NOTIFIED,
    (State.NOTIFIED, Step.CLOSE): State.CLOSED,
    (State.CLOSED, Step.REOPEN): State.ASSESSED,
}
"""What is not here is refused: above all, what was never assessed nor contained cannot be closed."""


def after(state: State, step: Step) -> State:
    """Where a step leads. Raises CaseError if it may not be taken."""
    try:
        return TABLE[state, step]
    except KeyError:
        possible = ", ".join(s for at, s in TABLE if at is state)
        raise CaseError(f"an exposure that is {state} cannot {step}, expected one of: {possible}") from None


def least(states: "frozenset[State]") -> State:
    """Where a case as a whole stands: where its exposure that is least far on does; `found` for an empty one."""
    return min(states, key=list(State).index, default=State.FOUND)
