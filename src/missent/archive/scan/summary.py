"""The headline of an investigation: how many, with bounds, and the tables beneath it; `missent.scan/1` as JSON.

At least: exposures whose findings are beyond reasonable doubt. At most: all exposures, those a check only suspects, and one
for each message that could not be read. So what was not read widens the answer instead of vanishing.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from missent.archive.scan.exposure import Exposure

SCHEMA = "missent.scan/1"

MOST_LISTED = 1_000
"""Skipped items listed; all are counted."""

MOST_ROWS = 10_000
"""Rows of one table in JSON."""


class Unread(NamedTuple):
    """Something that was not read: where, why, and how many messages it may have held."""

    source: str
    place: str
    reason: str
    messages: int

    def as_dict(self) -> dict[str, Any]:
        """As the contract has it."""
        digits = self.place.removeprefix(":")
        return {
            "source": self.source if digits.isdecimal() or not self.place else self.source + self.place,
            "offset": int(digits) if digits.isdecimal() else 0,
            "reason": self.reason,
            "messages": self.messages,
        }


@dataclass(slots=True)
class Summary:
    """Counts, gathered one exposure at a time.

    Attributes:
        messages: distinct; `copies` of them were read from `sources` files.
        sure: exposures beyond reasonable doubt; doubtful: recipients a check suspects below its threshold.
        exposed: distinct messages exposed.
        unread: messages that may have been missed.
    """

    messages: int = 0
    copies: int = 0
    sources: int = 0
    exposures: int = 0
    sure: int = 0
    doubtful: int = 0
    unread: int = 0
    elapsed_s: float = 0.0
    exposed: set[int] = field(default_factory=set)
    skipped: list[Unread] = field(default_factory=list)
    not_read: int = 0
    by_domain: Counter[tuple[str, str]] = field(default_factory=Counter)
    accepted: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_sender: Counter[str] = field(default_factory=Counter)
    by_marking: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_category: Counter[str] = field(default_factory=Counter)
    by_finding: Counter[str] = field(default_factory=Counter)

    def add(self, exposure: Exposure) -> None:
        """Count one."""
        self.exposures += 1
        self.sure += exposure.sure
        self.exposed.add(exposure.number)
        where = (exposure.domain, exposure.meant_domain)
        self.by_domain[where] += 1
        self.accepted[where] += exposure.accepted == "yes"
        self.by_sender[exposure.sender] += 1
        self.by_marking[exposure.marking[:2] if exposure.marking else ("", "")] += 1
        self.by_category.update(exposure.categories)
        self.by_finding.update(exposure.findings)

    def miss(self, unread: Unread) -> None:
        """Count something that was not read."""
        self.unread += unread.messages
        self.not_read += 1
        if len(self.skipped) < MOST_LISTED:
            self.skipped.append(unread)

    @property
    def at_least(self) -> int:
        """See the module."""
        return self.sure

    @property
    def at_most(self) -> int:
        """See the module."""
        return self.exposures + self.doubtful + self.unread


def as_dict(told: Summary) -> dict[str, Any]:
    """The contract's `missent.scan/1`."""
    return {
        "schema": SCHEMA,
        "hindsight": True,
        "messages": told.messages,
        "copies": told.copies,
        "sources": told.sources,
        "exposures": told.exposures,
        "messages_exposed": len(told.exposed),
        "bounds": {"at_least": told.at_least, "at_most": told.at_most},
        "by_domain": [
            {"domain": domain, "meant": meant or None, "exposures": count, "accepted": told.accepted[domain, meant]}
            for (domain, meant), count in _ordered(told.by_domain)
        ],
        "by_sender": [{"sender": sender, "exposures": count} for sender, count in _ordered(told.by_sender)],
        "by_marking": [
            {"scheme": scheme or None, "level": level or None, "exposures": count}
            for (scheme, level), count in _ordered(told.by_marking)
        ],
        "by_category": [{"category": category, "exposures": count} for category, count in _ordered(told.by_category)],
        "by_finding": [{"finding": finding, "exposures": count} for finding, count in _ordered(told.by_finding)],
        "doubtful": told.doubtful,
        "unread": told.unread,
        "skipped": [unread.as_dict() for unread in told.skipped],
        "elapsed_s": told.elapsed_s,
    }


def _ordered(counter: Counter[Any]) -> Iterable[tuple[Any, int]]:
    """Most first, then by name: the same order whoever counted."""
    return sorted(counter.items(), key=lambda item: (-item[1], item[0]))[:MOST_ROWS]
