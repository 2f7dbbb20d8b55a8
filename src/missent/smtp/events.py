"""What an SMTP client asked for (RFC 5321 4.1.1), as the server half reports it."""

from collections.abc import Mapping
from dataclasses import dataclass

from missent.smtp.reply import Reply


@dataclass(frozen=True, slots=True)
class Hello:
    """EHLO (`extended`) or HELO. `name` is what the client calls itself: never trusted, not even its letters."""

    name: str
    extended: bool


@dataclass(frozen=True, slots=True)
class Mail:
    """MAIL FROM. `mailbox` is "" for `<>`; parameters by upper-case key, checked, as given."""

    mailbox: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rcpt:
    """RCPT TO."""

    mailbox: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Data:
    """DATA, with at least one recipient granted. A 354 opens the gate."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some octets of the message, un-stuffed. Wants no reply."""

    octets: bytes


@dataclass(frozen=True, slots=True)
class EndOfData:
    """The final dot. `size` counts all octets; `bare` says whether a CR or LF stood alone."""

    size: int
    bare: bool


@dataclass(frozen=True, slots=True)
class Reset:
    """RSET."""


@dataclass(frozen=True, slots=True)
class StartTls:
    """STARTTLS, announced and not yet in use. After a 220 the handshake follows."""


@dataclass(frozen=True, slots=True)
class Quit:
    """QUIT."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What the protocol answers by itself (NOOP, VRFY, errors). Wants no reply: send `reply`, and hang up if `closing`."""

    reply: Reply
    closing: bool = False


Event = Hello | Mail | Rcpt | Data | Chunk | EndOfData | Reset | StartTls | Quit | Answered
