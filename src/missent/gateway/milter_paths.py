"""Envelope as a mail server hands it to a milter: paths as its client typed them, parameters it has already checked. Pure.

What is judged has to be what is removed: a path that could be read in two ways is refused, not guessed at.
"""

import re
from collections.abc import Mapping

from missent.errors import PeerError
from missent.gateway.transaction import mail_options
from missent.milter.events import Mail, Rcpt
from missent.nouns.address import Address
from missent.nouns.envelope import MailOptions, Recipient
from missent.smtp import parameters, path
from missent.smtp.parameters import Parameter

_BARE = re.compile(r"<([\w.+=-]+)>")
"""A local part alone: the mail server completes it with its own domain."""


def recipient(event: Rcpt) -> Recipient:
    """The recipient of an RCPT; `address.written` is the mailbox without angle brackets and source route.

    Raises PeerError if it is no path.
    """
    given = _checked(event.parameters, parameters.RCPT)
    return Recipient(Address.parse(_mailbox(event.path)), given.get("NOTIFY", ""), given.get("ORCPT", ""))


def sender(event: Mail) -> tuple[Address | None, MailOptions]:
    """Reverse-path (None for `<>`) and options of a MAIL. Raises PeerError if it is no path."""
    options = mail_options(_checked(event.parameters, parameters.MAIL))
    if event.path in ("<>", ""):
        return None, options
    return Address.parse(_mailbox(event.path)), options


def _mailbox(written: str) -> str:
    text = written if written.startswith("<") else f"<{written}>"
    if not text.isprintable():
        raise PeerError("not a path")
    if bare := _BARE.fullmatch(text):
        return bare[1]
    mailbox, rest = path.forward_path(text)
    if rest:
        raise PeerError("not a path")
    return mailbox


def _checked(values: Mapping[str, str], known: dict[str, Parameter]) -> dict[str, str]:
    """Those parameters we know, with values as their standards have them; SIZE and others are the mail server's own."""
    return {key: value for key, value in values.items() if key in known and known[key].value.fullmatch(value)}
