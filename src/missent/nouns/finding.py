"""What a check or detector reports. It reports only: what to do is the policy's to say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType

Fact = str | int | float | bool
"""A value of a finding's evidence: kind, place, number or known name; never matched text."""

_NO_FACTS: Mapping[str, Fact] = MappingProxyType({})


class Severity(IntEnum):
    """How bad it is if the finding is right; how likely that is, is its confidence."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def word(self) -> str:
        """The lower-case word policies and verdicts use."""
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> "Severity":
        """The severity a word names; raises KeyError for any other word."""
        return cls[word.upper()]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed about a message or one of its recipients.

    Attributes:
        id: stable lower-case-hyphen id of the check or detector.
        severity: how bad if right.
        confidence: 0-1, calibrated where measured.
        rcpt: the `key` of the recipient it is about; None if it would be true with other recipients too.
        suggestion: the address probably meant; None if none is known.
        evidence: facts from which words are made at the edges (`missent.words`); stored instead of the words.
    """

    id: str
    severity: Severity
    confidence: float
    rcpt: str | None = None
    suggestion: str | None = None
    evidence: Mapping[str, Fact] = field(default_factory=lambda: _NO_FACTS)
