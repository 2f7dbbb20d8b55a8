"""Trace information (RFC 5321 4.4): our Received line, and how a loop is known by the lines of others. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

MOST_HOPS = 50

_SEARCHED = 1 << 20
"""Octets of header looked at: Received lines stand at the top."""

_RECEIVED = re.compile(rb"^received[ \t]*:", re.IGNORECASE | re.MULTILINE)
_RECEIVED_FIELD = re.compile(rb"^received[ \t]*:.*(?:\n[ \t].*)*", re.IGNORECASE | re.MULTILINE)
_NAME = re.compile(
    r"(?=.{1,255}$)[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]{2,45}\]|\[IPv6:[0-9A-Fa-f:.]{2,45}\]"
)


@dataclass(frozen=True, slots=True)
class Passage:
    """How one message came in.

    Attributes:
        helo: what the client called itself, any text.
        ip: its textual address.
        host: our own name.
        instance: our token, letters and digits.
        id: the message's, as in our log.
        extended, encrypted, smtputf8: EHLO, TLS and SMTPUTF8 were used.
    """

    helo: str
    ip: str
    host: str
    instance: str
    id: str
    extended: bool = True
    encrypted: bool = False
    smtputf8: bool = False

    @property
    def protocol(self) -> str:
        """The word behind `with` (RFC 3848, RFC 6531 4.3)."""
        if self.smtputf8:
            return "UTF8SMTPS" if self.encrypted else "UTF8SMTP"
        return ("ESMTP" if self.extended else "SMTP") + ("S" if self.encrypted and self.extended else "")


def received(passage: Passage, at: datetime) -> bytes:
    """Our Received line. Names no recipient: Bcc stays blind. A HELO that is no name is left out: it is a stranger's text."""
    literal = f"[IPv6:{passage.ip}]" if ":" in passage.ip else f"[{passage.ip}]"
    name = passage.helo if _NAME.fullmatch(passage.helo) else literal
    line = (
        f"Received: from {name} ({literal})\r\n"
        f"\tby {passage.host} (missent {passage.instance}) with {passage.protocol} id {passage.id};\r\n"
        f"\t{format_datetime(at)}\r\n"
    )
    return line.encode("ascii", "replace")


def loops(raw: bytes, instance: str) -> bool:
    """Whether a message has passed here before, or passed so many hosts that it must go in circles."""
    end = raw.find(b"\r\n\r\n", 0, _SEARCHED)
    header = raw[:_SEARCHED] if end < 0 else raw[: end + 2]
    if sum(1 for _ in _RECEIVED.finditer(header)) >= MOST_HOPS:
        return True
    token = f"(missent {instance})".encode()
    return token in header and any(token in field[0] for field in _RECEIVED_FIELD.finditer(header))
