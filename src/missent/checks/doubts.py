"""Findings from the recipient model's doubts: the same for every check that speaks of one."""

from collections.abc import Iterator

from missent.checks.company import recipients
from missent.checks.context import Context
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Finding, Severity
from missent.recipients.weighing import Doubt


def doubts(id_: str, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """One finding for each recipient the model doubts under this id; what the sender confirmed before is believed."""
    for key in (rcpt.key for rcpt in recipients(envelope)):
        doubt = context.weighed.doubts.get(key)
        if doubt is not None and doubt.id == id_ and key not in context.known.confirmed:
            yield _finding(key, doubt)


def _finding(key: str, doubt: Doubt) -> Finding:
    severity = Severity.HIGH if doubt.sure else Severity.MEDIUM
    suggestion = Address.parse(doubt.meant).spec if doubt.meant else None
    return Finding(doubt.id, severity, doubt.confidence, key, suggestion, doubt.facts)
