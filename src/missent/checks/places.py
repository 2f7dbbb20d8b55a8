"""What a recipient is to the organisation, as far as it matters for what may be sent there."""

from enum import StrEnum

from missent.checks.context import Context
from missent.nouns.address import Address
from missent.recipients.register import Clearance

OFTEN = 3
"""Messages a sender wrote to an address from which it is one they deal with."""


class Place(StrEnum):
    """From the nearest to the most doubtful."""

    OWN = "own"
    CLEARED = "cleared"
    KNOWN = "known"
    NEW = "new"
    FREE = "free-mail"
    LOOKALIKE = "lookalike"


def place(rcpt: Address, cleared: Clearance, context: Context) -> Place:
    """Where one recipient stands. Free mail is anybody's, however often it is written to; a register entry goes before all."""
    if context.own(rcpt.domain):
        return Place.OWN
    if cleared.ceilings:
        return Place.CLEARED
    if context.names.free_mail(rcpt.domain) or context.names.disposable(rcpt.domain):
        return Place.FREE
    established = context.known.domain(rcpt.domain).established is not None
    if established or rcpt.domain in context.register.known:
        return Place.KNOWN
    if context.resembling.get(rcpt.domain):
        return Place.LOOKALIKE
    contact = context.known.contacts.get(rcpt.key)
    return Place.KNOWN if contact is not None and contact.sent >= OFTEN else Place.NEW
