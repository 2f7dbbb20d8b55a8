"""What the model is told of one message: who to whom and when, and the hashed traits of its text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from missent.recipients.model.traits import NO_TRAITS, Traits


@dataclass(frozen=True, slots=True)
class Mail:
    """A message on its way to `rcpts`.

    Attributes:
        sender, rcpts: address keys (`missent.nouns.address.Address.key`), recipients without the sender, each once.
        at: seconds since 1970, UTC.
        traits: of its text.
        names: display names by address key, as far as they are known.
    """

    sender: str
    rcpts: tuple[str, ...]
    at: float
    traits: Traits = NO_TRAITS
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
