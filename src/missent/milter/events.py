"""What a mail server tells a milter (SMFIC_*), octets as they came: names and addresses are strangers' text."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Connect:
    """A client connected to the mail server; `ip` is "" where it came without an address (UNIX socket, unknown)."""

    host: str
    ip: str


@dataclass(frozen=True, slots=True)
class Helo:
    """HELO or EHLO."""

    name: str


@dataclass(frozen=True, slots=True)
class Mail:
    """MAIL FROM: its path as typed, mostly with angle brackets; ESMTP parameters by upper-case key."""

    path: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rcpt:
    """RCPT TO, which the mail server itself has granted."""

    path: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Data:
    """DATA, where it could not be agreed on to leave it out."""


@dataclass(frozen=True, slots=True)
class Header:
    """One header field as it stands in the message: folds and CR LF included."""

    octets: bytes


@dataclass(frozen=True, slots=True)
class EndOfHeader:
    """The empty line."""

    octets: bytes = b"\r\n"


@dataclass(frozen=True, slots=True)
class Body:
    """A piece of the body."""

    octets: bytes


@dataclass(frozen=True, slots=True)
class EndOfMessage:
    """The final dot: the one place where recipients may be removed."""


@dataclass(frozen=True, slots=True)
class Abort:
    """The message is no more (RSET, a refusal, a lost client); the connection stays. Wants no answer."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A command the mail server does not know, where it could not be agreed on to leave it out."""


@dataclass(frozen=True, slots=True)
class Quit:
    """The mail server is done. Wants no answer; with `again` the next client follows in the same connection (QUIT_NC)."""

    again: bool


Event = Connect | Helo | Mail | Rcpt | Data | Header | EndOfHeader | Body | EndOfMessage | Abort | Unknown | Quit
