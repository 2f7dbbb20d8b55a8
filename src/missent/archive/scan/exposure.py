"""An exposure: one message to one recipient who should not have it, with everything known of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from missent.nouns.finding import Fact

SCHEMA = "missent.exposure/1"

ASKED = "asked"
"""Stands among the findings where a question of the investigator's selected the recipient."""


class Aftermath(NamedTuple):
    """A mail that speaks of an exposure: `bounce`, `wrong-address`, `delete-request`, `recall` or `sent-again`."""

    kind: str
    date: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Exposure:
    """One line of `--exposures`, and one row of the results.

    Attributes:
        number: of the mail, the same for all its recipients; no part of the contract.
        message_id: with angle brackets, "" without.
        at: UTC; None if the mail has no date.
        findings: ids, the strongest first.
        confidence: of the strongest, 0-1.
        sure: whether it counts towards `at_least`.
        meant: the address probably meant, or None.
        marking: canonical text of the highest marking, with scheme and level; None where there is none or nothing was opened.
        categories: of what the detectors found.
        answered: whether anybody at the recipient's domain ever wrote here.
        where: every place a copy lies.
        own: whether the sender is one of ours.
        copies: how often it lies in the sources.
        explanation: why the recipient model doubts it, in words; "" where it does not.
        facts: what these words rest on: what weighs most, and the numbers that add up to the score.
    """

    number: int
    message_id: str
    at: datetime | None
    sender: str
    rcpt: str
    findings: tuple[str, ...]
    confidence: float
    sure: bool
    meant: str | None = None
    marking: tuple[str, str, str] | None = None
    categories: tuple[str, ...] = ()
    answered: bool = False
    accepted: str = "unknown"
    accepted_by: str = ""
    aftermath: tuple[Aftermath, ...] = ()
    where: tuple[str, ...] = ()
    own: bool = True
    size: int = 0
    explanation: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        """The recipient's."""
        return self.rcpt.rpartition("@")[2]

    @property
    def meant_domain(self) -> str:
        """Of the address meant, "" if none is known."""
        return (self.meant or "").rpartition("@")[2]

    @property
    def level(self) -> str:
        """The marking's level, "" without."""
        return self.marking[1] if self.marking else ""


def iso(at: datetime | None) -> str | None:
    """A moment as contracts write it: `2023-07-19T10:02:11Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def as_dict(exposure: Exposure) -> dict[str, Any]:
    """The contract's `missent.exposure/1`."""
    marking = exposure.marking
    return {
        "schema": SCHEMA,
        "message_id": exposure.message_id,
        "date": iso(exposure.at),
        "from": exposure.sender,
        "rcpt": exposure.rcpt,
        "findings": list(exposure.findings),
        "meant": exposure.meant,
        "marking": {"scheme": marking[0], "level": marking[1], "text": marking[2]} if marking else None,
        "categories": list(exposure.categories),
        "answered": exposure.answered,
        "accepted": exposure.accepted,
        "accepted_by": exposure.accepted_by or None,
        "aftermath": [{"kind": kind, "date": date, "message_id": message_id} for kind, date, message_id in exposure.aftermath],
        "where": list(exposure.where),
        "confidence": exposure.confidence,
        "sure": exposure.sure,
        "own_sender": exposure.own,
        "number": exposure.number,
        "size": exposure.size,
        "explanation": exposure.explanation,
        "facts": dict(exposure.facts),
    }


def from_dict(line: dict[str, Any]) -> Exposure:
    """The reverse of `as_dict`. Raises KeyError or ValueError if it is no exposure."""
    marking = line["marking"]
    return Exposure(
        line["number"],
        line["message_id"],
        datetime.fromisoformat(line["date"]) if line["date"] else None,
        line["from"],
        line["rcpt"],
        tuple(line["findings"]),
        line["confidence"],
        line["sure"],
        line["meant"],
        (marking["scheme"], marking["level"], marking["text"]) if marking else None,
        tuple(line["categories"]),
        line["answered"],
        line["accepted"],
        line["accepted_by"] or "",
        tuple(Aftermath(each["kind"], each["date"], each["message_id"]) for each in line["aftermath"]),
        tuple(line["where"]),
        line["own_sender"],
        line["size"],
        line.get("explanation", ""),
        line.get("facts", {}),
    )
