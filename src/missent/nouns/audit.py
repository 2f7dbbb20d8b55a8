"""An event of the chain of evidence: who did what to which id; never content, never a plain address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from missent.nouns.finding import Fact


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One link before it is chained.

    Attributes:
        at: when, UTC.
        kind: `hold.created`, `hold.decided`, `hold.expired`, `hold.viewed`, `policy.changed`, `register.changed`, …
        actor: `gateway`, `sender:<keyed hash>`, `console`, `cli:<user>`, `clock`.
        facts: ids, decisions, keyed hashes.
    """

    at: datetime
    kind: str
    actor: str
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link: its number, MAC (hex) and time. Also written to the log, so that a cut tail is seen."""

    number: int
    mac: str
    at: datetime
