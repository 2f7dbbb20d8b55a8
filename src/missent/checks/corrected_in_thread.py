"""`corrected-in-thread`: an address that was put right earlier in this thread is back.

Knows: which addresses were corrected at a hold of a message this one refers to.
Matters: the others already had the wrong address before it was put right, and every reply to all carries it again.
Does not say: who corrected it, or what else was said. Silent for a sender who has confirmed that very address. A reply
that carries both addresses is still held for the wrong one. Automatic replies are looked at too: they leak as well.
Cost when wrong: a hold with the right suggestion (`high`).
RFC 5322 3.6.4 (In-Reply-To and References are the thread).
"""

from collections.abc import Iterator

from missent.checks.company import recipients
from missent.checks.context import Context
from missent.message.model import Message
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Finding, Severity

ID = "corrected-in-thread"


def look(message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """One finding a recipient that was corrected in this thread; the suggestion is what it was corrected to."""
    for rcpt in recipients(envelope) if context.known.corrections else ():
        right = context.known.corrections.get(rcpt.key)
        if right and right.casefold() != rcpt.key and rcpt.key not in context.known.confirmed:
            yield Finding(ID, Severity.HIGH, 0.98, rcpt.key, right)
