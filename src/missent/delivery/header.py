"""Header sections of our own letters, written so that nothing in an address or subject can start a line of its own."""

import hashlib
from collections.abc import Iterable
from email import policy
from email.headerregistry import Address as Mailbox
from email.utils import format_datetime
from typing import TYPE_CHECKING

from missent.nouns.address import Address
from missent.words.letters import shown

if TYPE_CHECKING:
    from datetime import datetime

    from missent.delivery.letterhead import Letterhead
    from missent.delivery.outbox import Posting

Field = tuple[str, str]


def section(fields: Iterable[Field], *, utf8: bool) -> bytes:
    """Header fields as octets with CRLF, folded, encoded-words where needed (RFC 2047) unless `utf8` (RFC 6532).

    Control and line-separating characters of any kind do not survive.
    """
    how = policy.SMTPUTF8 if utf8 else policy.SMTP
    return b"".join(how.fold_binary(name, how.header_factory(name, shown(value, 2000))) for name, value in fields)


def mailbox(address: Address, name: str = "") -> str:
    """An address for a header field, its local part quoted where it must be (RFC 5322 3.4)."""
    local, domain = shown(address.local), shown(address.domain)
    return str(Mailbox(display_name=name, username=local, domain=domain))


def own_fields(head: "Letterhead", to: Address, posting: "Posting", at: "datetime", answers: str) -> list[Field]:
    """Fields every letter of ours has.

    The Message-ID follows from the posting, so that a letter sent twice is one letter to whoever compares them.
    Auto-Submitted (RFC 3834 5) keeps responders quiet; In-Reply-To puts it beside the sender's own message.
    """
    mark = hashlib.sha256(f"{posting.hold_id} {posting.id}".encode()).hexdigest()[:24]
    fields = [
        ("Date", format_datetime(at)),
        ("From", mailbox(head.postmaster, "missent")),
        ("To", mailbox(to)),
        ("Message-ID", f"<missent.{posting.parcel.value}.{mark}@{head.organisation}>"),
        ("Auto-Submitted", "auto-generated" if posting.parcel.value != "dsn" else "auto-replied"),
        ("MIME-Version", "1.0"),
    ]
    if answers and answers.isascii() and not any(c.isspace() or c in "<>" for c in answers):
        fields[4:4] = [("In-Reply-To", f"<{answers}>"), ("References", f"<{answers}>")]
    return fields
