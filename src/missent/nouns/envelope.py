"""The SMTP envelope (RFC 5321 2.3.1): what decides where a message goes, whatever its header says."""

from dataclasses import dataclass, field

from missent.nouns.address import Address


@dataclass(frozen=True, slots=True)
class Client:
    """Who handed the message over.

    Attributes:
        ip: textual IP address, "" where there was no connection (`missent check`, archives).
        helo: what it called itself; never trusted.
        own: whether it is one of our own networks, a listed client certificate or an authenticated sender.
        certificate: names in its verified client certificate, lower case, and `sha256:<hex>`; empty if it showed none.
    """

    ip: str = ""
    helo: str = ""
    own: bool = False
    certificate: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class MailOptions:
    """Parameters of MAIL FROM to be passed on: SMTPUTF8 (RFC 6531), BODY (RFC 6152), RET and ENVID (RFC 3461)."""

    smtputf8: bool = False
    body: str = ""
    ret: str = ""
    envid: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One RCPT TO with its DSN parameters (RFC 3461), as given."""

    address: Address
    notify: str = ""
    orcpt: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Reverse-path, recipients in the order given, and who brought them.

    Attributes:
        mail_from: reverse-path; None for the null reverse-path `<>` (RFC 5321 4.5.5).
    """

    mail_from: Address | None
    rcpts: tuple[Recipient, ...]
    options: MailOptions = field(default=MailOptions())
    client: Client = field(default=Client())

    @property
    def sender_key(self) -> str:
        """Key of the reverse-path, "" for the null one."""
        return self.mail_from.key if self.mail_from else ""
