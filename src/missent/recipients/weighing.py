"""What the recipient model says of one message: data, handed to the checks like history's answer.

`Weigher` is the port; `missent.recipients.model` does the weighing, `missent.store` keeps what it learned. Nothing here needs
NumPy, so that an installation without the extra `ml` is merely silent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from missent.nouns.finding import Fact

LEAST = 300
"""Mails that a model has to have met before it says anything: the first days of a site."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One recipient whose score lies above the bar of the prompt budget.

    Attributes:
        id: the check that speaks: what the doubt is about.
        sure: whether it lies among the surer half of the budget.
        confidence: 0-1, how likely it is a slip where one mail in 500 holds one.
        meant: key of the address that fits better, "" if none is known.
        facts: what weighs most, and the numbers that add up to the score.
    """

    id: str
    sure: bool
    confidence: float
    meant: str = ""
    facts: Mapping[str, Fact] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Absent:
    """Somebody who nearly always stands beside a recipient of this message, and does not this time.

    Attributes:
        address: key of who is absent.
        together: the sender's mails to the recipient beside whom the absent one stood; of: all of them.
    """

    address: str
    together: int
    of: int


@dataclass(frozen=True, slots=True)
class Weighed:
    """The model's answer.

    Attributes:
        doubts: by recipient key.
        absent: by recipient key.
        newcomers: recipients of a reply who did not stand in the thread's last mail: how many did.
        score: the highest of all recipients, for the past by which bars are set; None where nothing was scored.
    """

    doubts: Mapping[str, Doubt] = field(default_factory=lambda: MappingProxyType({}))
    absent: Mapping[str, Absent] = field(default_factory=lambda: MappingProxyType({}))
    newcomers: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    score: float | None = None


NOTHING_WEIGHED = Weighed()
"""The answer of an installation whose model knows nothing, or has no NumPy."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """What is to be weighed.

    Attributes:
        sender, rcpts: address keys.
        names: display names by key.
        at: seconds since 1970.
        traits: the message's traits, packed.
        budget: prompts allowed per 1,000 mails.
    """

    sender: str
    rcpts: tuple[str, ...]
    names: Mapping[str, str]
    at: float
    traits: bytes
    budget: float


class Weigher(Protocol):
    """Weighs recipients by what was learned of the site's mail."""

    def weigh(self, asked: Weighing) -> Weighed:
        """What it says. Never raises for what is in a message. In the gateway it waits for nothing."""
        ...
