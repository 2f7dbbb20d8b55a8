"""The client half of SMTP (RFC 5321) without I/O: what a server offers, and commands as octets.

Replies are read by `missent.smtp.reply.ReplyReader`. Options are sent only where the server offered their extension:
what it cannot carry is the caller's to refuse, never to drop in silence (`lacking`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from missent.nouns.envelope import MailOptions, Recipient
from missent.smtp.reply import Reply


@dataclass(frozen=True, slots=True)
class Offer:
    """What an EHLO reply announced: upper-case keywords with their arguments, as given."""

    keywords: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, reply: Reply) -> "Offer":
        """Read the reply to EHLO: its first line greets, each other one is a keyword."""
        words = (line.partition(" ") for line in reply.lines[1:])
        return cls({keyword.upper(): argument.strip() for keyword, _, argument in words if keyword})

    def __contains__(self, keyword: str) -> bool:
        return keyword in self.keywords

    @property
    def size(self) -> int:
        """Octets of the largest message (RFC 1870); 0 if none is named."""
        argument = self.keywords.get("SIZE", "")
        return int(argument) if argument.isdecimal() and len(argument) <= 20 else 0

    def lacking(self, options: MailOptions, rcpts: tuple[Recipient, ...] = ()) -> str:
        """The extension these options need and that was not offered; "" if none.

        DSN is not counted: RFC 3461 5.2.3 lets mail go on to a host without it.
        """
        ascii_only = all(rcpt.address.written.isascii() for rcpt in rcpts)
        return "SMTPUTF8" if (options.smtputf8 or not ascii_only) and "SMTPUTF8" not in self else ""


def mail(mailbox: str, options: MailOptions, offer: Offer, size: int = 0) -> bytes:
    """MAIL FROM with what the server can take of the options; `mailbox` is "" for the null reverse-path."""
    wanted = (
        ("SIZE", f"SIZE={size}" if size else ""),
        ("8BITMIME", f"BODY={options.body}" if options.body else ""),
        ("SMTPUTF8", "SMTPUTF8" if options.smtputf8 else ""),
        ("DSN", f"RET={options.ret}" if options.ret else ""),
        ("DSN", f"ENVID={options.envid}" if options.envid else ""),
    )
    return _line(f"MAIL FROM:<{mailbox}>", *(text for keyword, text in wanted if text and keyword in offer))


def rcpt(recipient: Recipient, offer: Offer) -> bytes:
    """RCPT TO, the address as it was written, with its DSN parameters where the server offers DSN."""
    words = [f"{key}={value}" for key, value in (("NOTIFY", recipient.notify), ("ORCPT", recipient.orcpt)) if value]
    return _line(f"RCPT TO:<{mailbox(recipient)}>", *(words if "DSN" in offer else ()))


def mailbox(recipient: Recipient) -> str:
    """The address as it goes on the wire: as written if it came that way, else made of its parts."""
    address = recipient.address
    return address.written or address.spec


def _line(*words: str) -> bytes:
    line = " ".join(words)
    if not line.isprintable():  # CR, LF and NUL above all: an address must not become a command
        raise ValueError("a command holds a character that no command may hold")
    return line.encode("utf-8", "surrogateescape") + b"\r\n"
