"""One structured line per message and per refusal: ids, addresses, actions, rules, finding ids; no subject, no content."""

from dataclasses import dataclass

import structlog

from missent.gateway.deciding import Plan
from missent.gateway.ports import Judged, Meter
from missent.nouns.address import Address
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


class Witness:
    """Told what becomes of each message: writes the line, turns the counters.

    Args:
        addresses: `full`, or `domain` where those who read the log may not know people: `@army.ml`.
        meter: the counters; None counts nothing.
    """

    def __init__(self, addresses: str = "full", meter: Meter | None = None) -> None:
        self._full = addresses == "full"
        self._meter = meter

    def message(self, record: Record) -> None:
        """One message, judged and answered."""
        plan, verdict, message = record.plan, record.judged.verdict, record.judged.message
        fates = (*plan.deliver, *plan.hold, *plan.block)
        _log.info(
            "message",
            id=record.id,
            message_id=message.message_id if message else "",
            client=record.envelope.client.ip,
            mail_from=self._shown(record.envelope.mail_from),
            rcpts=[self._ruled(fate.verdict) for fate in fates],
            findings=[finding.id for finding in verdict.findings],
            delivered=len(plan.deliver),
            hold=record.hold_id,
            size=record.size,
            reply=record.reply.code,
            ms=round(record.seconds * 1000, 1),
        )
        if self._meter is not None:
            self._meter.message([fate.verdict for fate in fates], verdict.findings, record.seconds, record.size)

    def refused(self, id_: str, envelope: Envelope, reply: Reply, ruled: RecipientVerdict | None = None) -> None:
        """A recipient refused by policy at RCPT (`ruled`), or a message not fit to be judged."""
        _log.info(
            "refused",
            id=id_,
            client=envelope.client.ip,
            mail_from=self._shown(envelope.mail_from),
            rcpts=[self._ruled(ruled)] if ruled else self._named(envelope),
            reply=reply.code,
            status=reply.lines[0].partition(" ")[0],
        )
        if self._meter is not None:
            self._meter.refused(reply.code)

    def inbound(self, id_: str, envelope: Envelope) -> None:
        """A message that came in for our own people, and passed unjudged."""
        _log.info(
            "inbound",
            id=id_,
            client=envelope.client.ip,
            mail_from=self._shown(envelope.mail_from),
            rcpts=self._named(envelope),
        )
        if self._meter is not None:
            self._meter.inbound()

    def let_by(self, id_: str, envelope: Envelope, pass_id: str, reply: Reply) -> None:
        """A copy missent had let go, or a letter of its own, that passed unjudged."""
        _log.info(
            "let by",
            id=id_,
            client=envelope.client.ip,
            mail_from=self._shown(envelope.mail_from),
            rcpts=self._named(envelope),
            shown=pass_id,
            reply=reply.code,
        )
        if self._meter is not None:
            self._meter.let_by()

    def _shown(self, address: Address | None) -> str:
        if address is None:
            return ""
        return address.key if self._full else f"@{address.domain}"

    def _named(self, envelope: Envelope) -> list[dict[str, object]]:
        return [{"to": self._shown(rcpt.address)} for rcpt in envelope.rcpts]

    def _ruled(self, verdict: RecipientVerdict) -> dict[str, object]:
        return {
            "to": self._shown(verdict.address),
            "action": verdict.action.word,
            "rule": verdict.ruling.rule,
            "findings": [finding.id for finding in verdict.findings],
        }


def log_fault(error: Exception, where: str) -> None:
    """A fault of ours in one session: its kind, never its text, which may quote a message."""
    _log.error("fault", where=where, kind=type(error).__name__)
