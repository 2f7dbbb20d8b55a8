"""The letter that asks a wrong recipient to delete what was sent to them by mistake.

It quotes nothing of the message, not even its subject: it goes to somebody who should not have had it. It comes from the
postmaster, to whom an answer goes, and its envelope is null, so that a letter to an address that does not exist ends there.
"""

from collections.abc import Callable
from datetime import datetime
from email import policy
from email.message import EmailMessage

from missent.cases.model import Case
from missent.delivery.composing import Outgoing
from missent.delivery.header import own_fields, section
from missent.delivery.letterhead import Letterhead
from missent.delivery.outbox import Posting
from missent.nouns.address import Address
from missent.nouns.envelope import MailOptions, Recipient
from missent.words import letters

Get = Callable[[str], Case]
"""A case by its id. Raises CaseError."""


class DeletionComposer:
    """Makes mail of postings about exposures of cases."""

    def __init__(self, get: Get, head: Letterhead) -> None:
        self._get = get
        self._head = head

    def compose(self, posting: Posting, now: datetime) -> Outgoing | None:
        """The letter; None if the exposure is no longer part of its case. Raises CaseError if the case is gone."""
        case = self._get(posting.hold_id)
        entry = next((entry for entry in case.entries if entry.number in posting.copy_ids), None)
        if entry is None:
            return None
        rcpt = Address.parse(entry.rcpt)
        raw = self._letter(case, rcpt, (posting, now), entry.exposure.get("date"), str(entry.exposure.get("message_id") or ""))
        return Outgoing(raw, None, Recipient(rcpt, notify="NEVER"), MailOptions(smtputf8=not rcpt.spec.isascii()))

    def _letter(self, case: Case, rcpt: Address, sending: tuple[Posting, datetime], date: object, message_id: str) -> bytes:
        posting, now = sending
        facts = {
            "date": datetime.fromisoformat(str(date)) if date else None,
            "rcpt": rcpt.spec,
            "message_id": message_id,
            "organisation": self._head.organisation,
            "owner": case.owner,
            "reference": case.id,
            "postmaster": self._head.postmaster.spec,
        }
        subject = letters.write("deletion.subject.txt", facts).strip()
        fields = [*own_fields(self._head, rcpt, posting, now, message_id.strip("<>")), ("Subject", subject)]
        body = EmailMessage(policy=policy.SMTP)
        body.set_content(letters.write("deletion.txt", facts), cte="quoted-printable")
        del body["MIME-Version"]
        return section(fields, utf8=not rcpt.spec.isascii()) + body.as_bytes()
