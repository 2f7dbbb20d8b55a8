"""`disposable-domain`: mailboxes at this domain are throw-away.

Knows: the packaged list of hosts that give a mailbox for minutes to whoever asks, often readable by all.
Matters: what is sent there is soon nobody's or anybody's; no partner answers for it.
Does not say: who reads it. Silent where somebody vouches for the domain (own, registered, packaged) and for an address
the sender has confirmed; `low` where the organisation really converses with the domain. Automatic mail is looked at too.
Cost when wrong: one question in a compose window (`medium`), until the address is confirmed or the domain registered.
RFC 5321 2.3.5 (a domain's owner says what is done with its mail).
"""

from collections.abc import Iterator

from missent.checks.company import recipients
from missent.checks.context import Context
from missent.message.model import Message
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Finding, Severity

ID = "disposable-domain"


def look(message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """One finding a recipient at a throw-away host."""
    for rcpt in recipients(envelope):
        if context.own(rcpt.domain) or rcpt.key in context.known.confirmed or not context.names.disposable(rcpt.domain):
            continue
        kind = context.names.kind(rcpt.domain)
        if kind is not None and kind.protected:
            continue
        established = kind is not None or context.known.domain(rcpt.domain).established is not None
        severity = Severity.LOW if established else Severity.MEDIUM
        yield Finding(ID, severity, 0.9, rcpt.key, evidence={"established": established})
