"""`unknown-channel`: mail to this recipient must go by TLS, and nobody said that it does.

Knows: the register's `channel` for address or domain: `tls` (it must), `tls-assured` (the mail server beyond sees to it).
Matters: missent hands mail to the next hop; whether that server asks TLS of the recipient's is not seen from here. What must
go by TLS and is not known to is held, until the server is told (`missent register tls-policy`) and that is said.
Does not say: that the mail goes in the clear; nearly all of it does not. Automatic mail is meant too.
Cost when wrong: held copies (`high`) until the register says `tls-assured`.
RFC 3207 (opportunistic TLS can be stripped), RFC 8461 (MTA-STS), RFC 7672 (DANE).
"""

from collections.abc import Iterator

from missent.checks.company import recipients
from missent.checks.context import Context
from missent.message.model import Message
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Fact, Finding, Severity

ID = "unknown-channel"


def look(message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """One finding a recipient whose channel is asked for and not assured."""
    if not context.register.clearances:
        return
    marked = context.seen.marking is not None
    for rcpt in recipients(envelope):
        if context.register.clearance(rcpt).channel == "tls":
            evidence: dict[str, Fact] = {"channel": "tls", "marked": marked}
            if context.register.discreet(rcpt.domain):
                evidence["discreet"] = True
            yield Finding(ID, Severity.HIGH, 1.0, rcpt.key, evidence=evidence)
