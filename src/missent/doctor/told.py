"""What an examination says of one part: well, doubtful or amiss, in a sentence, and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a part is; only AMISS makes the whole fail."""

    WELL = "well"
    DOUBTFUL = "doubtful"
    AMISS = "amiss"


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the report.

    Attributes:
        part: what was looked at, one or two words.
        said: what was found; no address but the canary's own.
        advice: what to do; "" if nothing.
    """

    part: str
    state: State
    said: str
    advice: str = ""


def well(part: str, said: str) -> Told:
    """A part that is as it should be."""
    return Told(part, State.WELL, said)


def doubtful(part: str, said: str, advice: str) -> Told:
    """A part that works, but perhaps not as meant."""
    return Told(part, State.DOUBTFUL, said, advice)


def amiss(part: str, said: str, advice: str) -> Told:
    """A part that does not work."""
    return Told(part, State.AMISS, said, advice)
