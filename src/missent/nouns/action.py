"""What may be done with one recipient's copy."""

from enum import IntEnum


class Action(IntEnum):
    """Ordered by strength: the strongest of several is `max()`."""

    DELIVER = 0
    WARN = 1
    HOLD = 2
    BLOCK = 3

    @property
    def word(self) -> str:
        """The lower-case word policies, verdicts and logs use."""
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> "Action":
        """The action a word names; raises KeyError for any other word."""
        return cls[word.upper()]
