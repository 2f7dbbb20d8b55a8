"""`not-inspected`: a part of the message could not be read.

Knows: what reading the message, and opening what it carries, left out: where and why.
Matters: unknown is a value and never a pass: encrypted, broken or oversized parts are where other checks were blind.
Does not say: that anything is in them. It is about the message, not about a recipient; the packaged policy holds for it
only together with another finding on that recipient. Automatic mail is looked at too.
Cost when wrong: a line in the record (`low`).
RFC 2045 (MIME), RFC 5322 2.1 (a message's form), RFC 8551 and RFC 3156 (encrypted parts).
"""

from collections.abc import Iterator

from missent.checks.context import Context
from missent.message.model import Message
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Finding, Severity

ID = "not-inspected"


def look(message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """One outer finding for each different reason and place."""
    if message is None:
        return
    for skipped in context.seen.opened.unread(message.inspected.skipped):
        yield Finding(ID, Severity.LOW, 1.0, evidence={"reason": skipped.reason, "where": skipped.where})
