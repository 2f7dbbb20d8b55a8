"""Builders of holds for tests and demonstrations: a message of three recipients, of whom some are kept back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from missent.nouns.address import Address
from missent.nouns.finding import Finding, Severity
from missent.nouns.hold import HeldCopy, Hold, State

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

RAW = (
    b"From: Alex Kim <alex.kim@mod.example>\r\nTo: Jane Doe <jane.doe@army.ml>, bob@arms.example\r\n"
    b"Subject: Itinerary for Tuesday\r\nMessage-ID: <one@mod.example>\r\n\r\ncanary-in-the-body\r\n"
)


def lookalike(rcpt: str = "jane.doe@army.ml", meant: str | None = "jane.doe@army.mil") -> Finding:
    """The finding the case is about."""
    evidence = {"resembles": "army.mil", "kind": "packaged", "family": "suffix"}
    return Finding("lookalike-domain", Severity.HIGH, 0.99, rcpt, meant, evidence)


def held_copy(rcpt: str = "jane.doe@army.ml", **other: Any) -> HeldCopy:
    """One held copy, three days to go; any field may be given."""
    finding = lookalike(rcpt)
    given: dict[str, Any] = {"id": 0, "rcpt": Address.parse(rcpt), "state": State.HELD, "rule": "misdirection-high"}
    given |= {"decide": "sender", "findings": (finding,), "expires": NOON + timedelta(hours=72)}
    given |= {"suggestion": finding.suggestion}
    return HeldCopy(**{**given, **other})


def hold(*copies: HeldCopy, **other: Any) -> Hold:
    """A hold of these copies (one, if none is given) of Alex's message; any field may be given."""
    given: dict[str, Any] = {"id": "h-" + "x" * 20, "created": NOON, "mail_from": Address.parse("alex.kim@mod.example")}
    given |= {"message_id": "one@mod.example", "key": "k", "asks_sender": True, "policy": "sha256:" + "0" * 64}
    given |= {"size": len(RAW), "copies": copies or (held_copy(),)}
    return Hold(**{**given, **other})
