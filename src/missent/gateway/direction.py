"""Which way a message goes: decided from who brought it and to whom, never guessed from its text. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import takewhile

from missent.gateway.ports import House
from missent.message.header import section, unfold
from missent.message.model import Message
from missent.nouns.envelope import Envelope, Recipient
from missent.nouns.sighting import Sighting
from missent.recipients.authentication import dmarc
from missent.recipients.sightings import sighting_of

_HEADER = 1 << 18


def comes_in(envelope: Envelope, house: House) -> bool:
    """Whether it is inbound mail, which passes: from a client that is not ours, and every recipient is.

    Anything else is judged: a stranger's mail to a stranger through us above all. A recipient without a domain gets the
    mail server's own.
    """
    return not envelope.client.own and all(_ours(rcpt, house) for rcpt in envelope.rcpts)


def answer_in(raw: bytes, message: Message, rcpts: Iterable[Recipient], authserv_id: str) -> Sighting | None:
    """What history may learn of inbound mail: it counts as an answer only if our own server says that DMARC passed.

    Only Authentication-Results (RFC 8601) above the topmost Received are looked at: those below were there when the
    message came, and anybody can write them. None if it may not count.
    """
    fields = ((name, unfold(raw[start:end]).decode("latin-1")) for name, start, end in section(raw, _HEADER).fields)
    if dmarc(takewhile(lambda field: field[0] != b"received", fields), authserv_id) != "pass":
        return None
    seen = sighting_of(raw, message)
    return replace(seen, rcpts=tuple(rcpt.address for rcpt in rcpts)) if seen else None


def _ours(rcpt: Recipient, house: House) -> bool:
    return not rcpt.address.domain or house.owns(rcpt.address.domain)
