"""`newcomer`: nobody here is known to have dealt with this address before.

Knows: the sender's contacts, the local parts in use at the domain as far as the organisation has seen them, and
addresses confirmed at a hold.
Matters: nearly every misdirected mail goes to an address that is new here, though nearly no new address is misdirected:
it weighs together with others, and alone is only recorded.
Does not say: that anything is wrong. Silent without a past to compare with, for own domains, and for mail that no
person addressed (null reverse-path, automatic mail): bounces and mailings go to strangers by nature.
Cost when wrong: a line in the record (`low`).
RFC 5321 2.3.1 (the recipients judged are the envelope's); RFC 3834 (automatic mail).
"""

from collections import Counter
from collections.abc import Iterator

from missent.checks.company import machine, recipients
from missent.checks.context import Context
from missent.message.model import Message
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Finding, Severity

ID = "newcomer"


def look(message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """One finding a recipient nobody here dealt with; evidence says whether the domain is known, and to whom."""
    if machine(message, envelope) or not context.known.past:
        return
    new = [a for a in recipients(envelope) if not context.own(a.domain) and not _met(a, context)]
    there = Counter(c.address.domain for c in context.known.contacts.values()) if new else Counter()
    for rcpt in new:
        evidence = {
            "domain_known": context.names.kind(rcpt.domain) is not None or context.known.domain(rcpt.domain).sent > 0,
            "contacts_there": there[rcpt.domain],
        }
        yield Finding(ID, Severity.LOW, 1.0, rcpt.key, evidence=evidence)


def _met(rcpt: Address, context: Context) -> bool:
    known = context.known
    return (
        rcpt.key in known.contacts or rcpt.key in known.confirmed or rcpt.local.casefold() in known.domain(rcpt.domain).locals
    )
