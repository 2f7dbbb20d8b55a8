"""Who is on a message: the envelope's recipients, and the people whose names stand in To and Cc.

The envelope decides where mail goes (RFC 5321 2.3.1), the header what everybody sees of it (RFC 5322 3.6.3). A mail
server may split one message into several envelopes, so that the company is only seen in the header.
"""

from collections.abc import Iterator

from missent.message.model import Message
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope


def recipients(envelope: Envelope) -> Iterator[Address]:
    """Each recipient of the envelope once, in order: the only addresses a finding may be about."""
    seen: set[str] = set()
    for rcpt in envelope.rcpts:
        if rcpt.address.key not in seen:
            seen.add(rcpt.address.key)
            yield rcpt.address


def display_names(message: Message | None) -> dict[str, str]:
    """Address key -> display name, for those of To, Cc and Bcc that have one."""
    return {a.key: a.name for a in message.rcpts if a.name} if message else {}


def visible(message: Message | None) -> tuple[Address, ...]:
    """To and Cc, each address once: those who see each other."""
    return tuple({a.key: a for a in (*message.to, *message.cc)}.values()) if message else ()


def company(message: Message | None, envelope: Envelope) -> dict[str, Address]:
    """Everybody the message is known to go to, by key: visible recipients and the envelope's."""
    return {a.key: a for a in (*visible(message), *recipients(envelope))}


def machine(message: Message | None, envelope: Envelope) -> bool:
    """Whether no person chose these recipients: the null reverse-path (RFC 5321 4.5.5) or automatic mail (RFC 3834)."""
    return envelope.mail_from is None or (message is not None and message.automatic)
