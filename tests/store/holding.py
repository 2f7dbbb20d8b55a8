"""Holds made for tests."""

from datetime import UTC, datetime, timedelta

from missent.holds.book import Decision
from missent.holds.key import hold_key
from missent.nouns.address import Address
from missent.nouns.envelope import MailOptions
from missent.nouns.finding import Finding, Severity
from missent.nouns.hold import HeldCopy, Hold, State, Step

NOW = datetime(2026, 3, 1, 9, 0, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
BODY = b"Message-ID: <m1@mod.example>\r\n\r\n\x00\xff caf\xe9\r\n"
FINDING = Finding(
    "lookalike-domain", Severity.HIGH, 0.99, "jane.doe@army.ml", "jane.doe@army.mil", {"resembles": "army.mil", "edits": 1}
)
SENDER = "sender:5e4d"


def copy(rcpt="jane.doe@army.ml", state=State.HELD, wait=72, **fields):
    fields = {"rule": "lookalike", "decide": "sender", "findings": (FINDING,), "suggestion": "jane.doe@army.mil"} | fields
    fields.setdefault("id", 0)
    return HeldCopy(rcpt=Address.parse(rcpt, "Jane Doe"), state=state, expires=NOW + wait * HOUR, **fields)


def hold(number="h1", *copies, **fields):
    fields = {
        "created": NOW,
        "mail_from": Address.parse("a@mod.example"),
        "message_id": "m1@mod.example",
        "asks_sender": True,
        "policy": "sha256:0",
        "size": len(BODY),
        "options": MailOptions(smtputf8=True, ret="FULL", envid="e1"),
        "references": ("m0@army.mil",),
    } | fields
    key = fields.pop("key", hold_key(fields["mail_from"], fields["message_id"], "b0d1"))
    return Hold(id=number, key=key, copies=copies or (copy(),), **fields)


def decision(kept, step, actor=SENDER, at=NOW + HOUR, nth=0, **fields):
    return Decision(kept.id, kept.copies[nth].id, Step(step), actor, at, **fields)


def states(holds, hold_id="h1"):
    return [str(c.state) for c in holds.get(hold_id).copies]


def due(outbox, at=NOW + 1000 * HOUR):
    """What would be sent by then: (parcel, copy ids), leased."""
    return [(str(p.parcel), p.copy_ids) for p in outbox.lease(at, "w", 100)]
