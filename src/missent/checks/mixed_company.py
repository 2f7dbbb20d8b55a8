"""`mixed-company`: one outsider among insiders, new to this company.

Knows: who on the message belongs to the organisation, and who of them had mail with the outsider, or together with them.
Matters: a message among colleagues with one outsider in it is where a completed name does most harm: colleagues write
freely, and nobody reads the To line. That the sender knows the outsider well does not make it right here.
Does not say: that the outsider is unwanted; people bring outsiders into their threads every day. Silent without a past,
when a second outsider is there, and for mail that no person addressed (null reverse-path, automatic mail).
Cost when wrong: a line in the record (`low`).
RFC 5322 3.6.3 (the company is seen in To and Cc), RFC 5321 2.3.1.
"""

from collections.abc import Iterator

from missent.checks.company import company, machine, recipients
from missent.checks.context import Context
from missent.message.model import Message
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Finding, Severity

ID = "mixed-company"
INSIDERS = 4


def look(message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """A finding for the one outsider, with the number of insiders."""
    if machine(message, envelope) or not context.known.past:
        return
    everybody = company(message, envelope)
    everybody.pop(envelope.sender_key, None)
    insiders = {key for key, address in everybody.items() if context.own(address.domain)}
    outsiders = everybody.keys() - insiders
    if len(insiders) < INSIDERS or len(outsiders) != 1:
        return
    (outsider,) = outsiders
    if outsider in context.known.confirmed or _met(outsider, insiders, context):
        return
    if any(rcpt.key == outsider for rcpt in recipients(envelope)):
        yield Finding(ID, Severity.LOW, 0.3, outsider, evidence={"insiders": len(insiders)})


def _met(outsider: str, insiders: set[str], context: Context) -> bool:
    return any(outsider in pair and not insiders.isdisjoint(pair) for pair in context.known.acquainted)
