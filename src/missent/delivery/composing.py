"""A row of the outbox becomes mail: who it is from, who gets it, its octets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from missent.delivery import dsn, notice
from missent.delivery.letterhead import Letterhead
from missent.delivery.outbox import Parcel, Posting
from missent.holds.book import HoldBook
from missent.holds.correcting import correct
from missent.message.reading import read
from missent.nouns.address import Address
from missent.nouns.envelope import MailOptions, Recipient
from missent.nouns.hold import HeldCopy, Hold

MakeLink = Callable[[Hold], str]
"""The sender's page of a hold as a URL; "" where there is none."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message ready for the next hop, to one recipient."""

    raw: bytes
    mail_from: Address | None
    rcpt: Recipient
    options: MailOptions


class Composer:
    """Makes mail of postings. Reads holds; writes nothing."""

    def __init__(self, book: HoldBook, head: Letterhead, link: MakeLink) -> None:
        self._book = book
        self._head = head
        self._link = link

    def compose(self, posting: Posting, now: datetime) -> Outgoing | None:
        """The mail of a posting; None if there is nothing to be sent any more. Raises HoldError if the hold is gone."""
        hold = self._book.get(posting.hold_id)
        if hold is None:
            return None
        if posting.parcel is Parcel.COPY:
            return self._copy(hold, posting)
        make = self._report if posting.parcel is Parcel.DSN else self._question
        raw = make(hold, posting, now)
        return None if raw is None or hold.mail_from is None else _own(raw, hold.mail_from, hold.options)

    def _question(self, hold: Hold, posting: Posting, now: datetime) -> bytes | None:
        header, end, _ = self._book.body(hold.id).partition(b"\r\n\r\n")
        subject = read(header + end).subject
        return notice.compose(hold, posting, notice.Question(subject, self._link(hold), now), self._head)

    def _report(self, hold: Hold, posting: Posting, now: datetime) -> bytes | None:
        return dsn.compose(hold, posting, dsn.Failure(self._book.body(hold.id), now), self._head)

    def _copy(self, hold: Hold, posting: Posting) -> Outgoing | None:
        copy = _only(hold.copies, posting.copy_ids)
        if copy is None:
            return None
        raw = self._book.body(hold.id)
        if copy.corrected_to is None:
            return Outgoing(raw, hold.mail_from, Recipient(copy.rcpt, copy.notify, copy.orcpt), hold.options)
        # ORCPT names the address that was wrong: a report about the right one must not (RFC 3461 4.2)
        right = Recipient(Address.parse(copy.corrected_to), copy.notify)
        options = hold.options if right.address.spec.isascii() else replace(hold.options, smtputf8=True)
        return Outgoing(correct(raw, copy.rcpt.spec, copy.corrected_to), hold.mail_from, right, options)


def _only(copies: Sequence[HeldCopy], ids: tuple[int, ...]) -> HeldCopy | None:
    return next((copy for copy in copies if copy.id in ids), None)


def _own(raw: bytes, to: Address, of: MailOptions) -> Outgoing:
    """A letter of ours: from `<>`, with NOTIFY=NEVER, since nobody reads a report about a report (RFC 3461 4.1).

    8BITMIME is asked for only where the message in question came with it: else a next hop without it would refuse the
    report, and 8-bit octets that came undeclared leave undeclared.
    """
    head = raw.partition(b"\r\n\r\n")[0]
    options = MailOptions(smtputf8=not (head.isascii() and to.spec.isascii()), body="" if raw.isascii() else of.body)
    return Outgoing(raw, None, Recipient(to, notify="NEVER"), options)
