"""One structured line per message and per refusal: ids, addresses, actions, rules, finding ids; no subject, no content."""

from dataclasses import dataclass

import structlog

from missent.gateway.deciding import Plan
from missent.gateway.ports import Judged
from missent.nouns.envelope import Envelope
from missent.nouns.verdict import RecipientVerdict
from missent.smtp.reply import Reply

_log = structlog.stdlib.get_logger("missent.gateway")


@dataclass(frozen=True, slots=True)
class Record:
    """What became of one message. `seconds` runs from its final dot to the reply."""

    id: str
    envelope: Envelope
    judged: Judged
    plan: Plan
    reply: Reply
    hold_id: str
    size: int
    seconds: float


def log_message(record: Record) -> None:
    """Write the line."""
    message, fates = record.judged.message, (*record.plan.deliver, *record.plan.hold, *record.plan.block)
    _log.info(
        "message",
        id=record.id,
        message_id=message.message_id if message else "",
        client=record.envelope.client.ip,
        mail_from=record.envelope.sender_key,
        rcpts=[_ruled(fate.verdict) for fate in fates],
        findings=[finding.id for finding in record.judged.verdict.findings],
        delivered=len(record.plan.deliver),
        hold=record.hold_id,
        size=record.size,
        reply=record.reply.code,
        ms=round(record.seconds * 1000, 1),
    )


def log_refused(id_: str, envelope: Envelope, reply: Reply, ruled: RecipientVerdict | None = None) -> None:
    """A recipient refused by policy at RCPT (`ruled`), or a message not fit to be judged."""
    _log.info(
        "refused",
        id=id_,
        client=envelope.client.ip,
        mail_from=envelope.sender_key,
        rcpts=[_ruled(ruled)] if ruled else [{"to": rcpt.address.key} for rcpt in envelope.rcpts],
        reply=reply.code,
        status=reply.lines[0].partition(" ")[0],
    )


def log_inbound(id_: str, envelope: Envelope) -> None:
    """A message that came in for our own people, and passed unjudged."""
    _log.info(
        "inbound",
        id=id_,
        client=envelope.client.ip,
        mail_from=envelope.sender_key,
        rcpts=[{"to": rcpt.address.key} for rcpt in envelope.rcpts],
    )


def log_let_by(id_: str, envelope: Envelope, pass_id: str, reply: Reply) -> None:
    """A copy missent had let go, or a letter of its own, that passed unjudged."""
    _log.info(
        "let by",
        id=id_,
        client=envelope.client.ip,
        mail_from=envelope.sender_key,
        rcpts=[{"to": rcpt.address.key} for rcpt in envelope.rcpts],
        passed=pass_id,
        reply=reply.code,
    )


def log_fault(error: Exception, where: str) -> None:
    """A fault of ours in one session: its kind, never its text, which may quote a message."""
    _log.error("fault", where=where, kind=type(error).__name__)


def _ruled(verdict: RecipientVerdict) -> dict[str, object]:
    return {
        "to": verdict.address.key,
        "action": verdict.action.word,
        "rule": verdict.ruling.rule,
        "findings": [finding.id for finding in verdict.findings],
    }
