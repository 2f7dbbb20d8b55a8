"""`restricted-tld`: the domain stands under a suffix that the register restricts.

Knows: the register's restricted suffixes, each with its action and reason; the longest that fits speaks.
Matters: whole countries or suffixes may be closed to mail, whoever has the mailbox; `.ml` beside `.mil` is the case.
Does not say: whether the address is a slip (`lookalike-domain` does), or what to do: `action` is evidence for the
policy. Exceptions with owner, reason and expiry are applied after the checks and withdraw the finding.
Cost when wrong: the register's own; own domains are never restricted.
RFC 1034 3.1 (a domain stands under its suffix by whole labels). Automatic mail is meant as well.
"""

from collections.abc import Iterator

from missent.checks.company import recipients
from missent.checks.context import Context
from missent.message.model import Message
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Finding, Severity

ID = "restricted-tld"


def look(message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """One finding a recipient under a restricted suffix."""
    if not context.register.restrictions:
        return
    for rcpt in recipients(envelope):
        restriction = context.register.restriction(rcpt.domain)
        if restriction and not context.own(rcpt.domain):
            evidence = {"suffix": restriction.suffix, "action": restriction.action.word, "reason": restriction.reason}
            yield Finding(ID, Severity.HIGH, 1.0, rcpt.key, evidence=evidence)
