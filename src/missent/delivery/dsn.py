"""The delivery status notification (RFC 3464): what comes back to the sender when a copy is not going to arrive.

It is the promise that nothing is silently dropped. It obeys what the sender's software asked for (RFC 3461): NOTIFY
may forbid it, RET chooses between header and whole message, ENVID and ORCPT come back. It leaves from `<>`, and never
to a sender who may not be written to: a report to a forged sender is backscatter.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage

from missent.delivery.header import mailbox, own_fields, section
from missent.delivery.letterhead import Letterhead
from missent.delivery.outbox import Posting
from missent.delivery.told import Told
from missent.nouns.address import Address
from missent.nouns.hold import HeldCopy, Hold, State
from missent.words import letters
from missent.words.letters import shown

LARGEST_RETURNED = 10_000_000
"""Octets up to which the whole message comes back: a report the next hop finds too large would reach nobody."""

_STATUS = {State.RETURNED: "5.7.1", State.EXPIRED: "4.4.7", State.FAILED: "5.0.0"}
"""Enhanced codes (RFC 3463): delivery not authorised; delivery time expired; other, unless the next hop gave one."""

_ENHANCED = re.compile(r"\b[45]\.\d{1,3}\.\d{1,3}\b")

_SCREEN = ("message/delivery-status", "rfc822", "message/rfc822", "text/rfc822-headers")
_GLOBAL = ("message/global-delivery-status", "utf-8", "message/global", "message/global-headers")
"""Media types and address type of a report: RFC 3464 and RFC 6522; where addresses are UTF-8, RFC 6533."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What a report is made of besides the hold.

    Attributes:
        raw: the message as it was received.
        at: the report's date, UTC.
    """

    raw: bytes
    at: datetime


def compose(hold: Hold, posting: Posting, failure: Failure, head: Letterhead) -> bytes | None:
    """The report as octets with CRLF; None if the sender may not or did not want to be told.

    Lines of the original are untouched, so it may hold 8-bit octets.
    """
    if hold.mail_from is None or not hold.asks_sender:
        return None
    failed = [copy for copy in hold.copies if copy.id in posting.copy_ids and copy.state in _STATUS and _wanted(copy.notify)]
    if not failed:
        return None
    full = hold.options.ret.upper() != "HDRS" and len(failure.raw) <= LARGEST_RETURNED
    utf8 = hold.options.smtputf8 or not all(copy.rcpt.spec.isascii() for copy in failed)
    types = _GLOBAL if utf8 else _SCREEN
    parts = [
        _words(failed, failure, head, full=full),
        b"Content-Type: %b\r\n\r\n" % types[0].encode() + _status(hold, failed, failure, head, types[1]),
        _original(failure.raw, types[2] if full else types[3], full=full),
    ]
    subject = letters.write("dsn.subject.txt", {"copies": [Told.of(copy) for copy in failed]}).strip()
    fields = [*own_fields(head, hold.mail_from, posting, failure.at, hold.message_id), ("Subject", subject)]
    return section(fields, utf8=utf8) + _joined(parts, posting)


def _wanted(notify: str) -> bool:
    """NOTIFY (RFC 3461 4.1): absent means failures are reported; otherwise it must name them."""
    return not notify or "FAILURE" in notify.upper().split(",")


def _words(failed: list[HeldCopy], failure: Failure, head: Letterhead, *, full: bool) -> bytes:
    part = EmailMessage(policy=policy.SMTP)
    copies = [Told.of(copy) for copy in failed]
    facts = {"copies": copies, "full": full, "postmaster": head.postmaster.spec, "organisation": head.organisation}
    part.set_content(letters.write("dsn.txt", facts), cte="quoted-printable")
    del part["MIME-Version"]
    return part.as_bytes()


def _status(hold: Hold, failed: list[HeldCopy], failure: Failure, head: Letterhead, kind: str) -> bytes:
    """Per-message fields and one group per recipient (RFC 3464 2.1)."""
    groups = [[f"Reporting-MTA: dns; {shown(head.reporting_mta)}", f"Arrival-Date: {hold.created:%a, %d %b %Y %H:%M:%S +0000}"]]
    if hold.options.envid:
        groups[0].insert(0, f"Original-Envelope-Id: {shown(hold.options.envid)}")
    groups += [_group(copy, kind) for copy in failed]
    return "\r\n".join("\r\n".join(group) + "\r\n" for group in groups).encode("utf-8", "replace")


def _group(copy: HeldCopy, kind: str) -> list[str]:
    reply = shown(copy.reply)
    enhanced = _ENHANCED.search(reply) if copy.state is State.FAILED else None
    group = [
        f"Final-Recipient: {kind}; {mailbox(Address.parse(copy.corrected_to) if copy.corrected_to else copy.rcpt)}",
        "Action: failed",
        f"Status: {enhanced[0] if enhanced else _STATUS[copy.state]}",
    ]
    if copy.orcpt and not copy.corrected_to:
        group.insert(0, f"Original-Recipient: {shown(copy.orcpt)}")
    if reply and copy.state is State.FAILED:
        group.append(f"Diagnostic-Code: smtp; {reply}")
    return group


def _original(raw: bytes, media: str, *, full: bool) -> bytes:
    header, end, _ = raw.partition(b"\r\n\r\n")
    kept = raw if full else header + b"\r\n" if end else header
    bits = b"8bit" if any(octet > 127 for octet in kept) else b"7bit"
    return b"Content-Type: %b\r\nContent-Transfer-Encoding: %b\r\n\r\n" % (media.encode(), bits) + kept


def _joined(parts: list[bytes], posting: Posting) -> bytes:
    boundary = b"=_missent_%d" % posting.id
    while any(boundary in part for part in parts):
        boundary += b"_"
    head = b'Content-Type: multipart/report; report-type=delivery-status;\r\n boundary="%b"\r\n\r\n' % boundary
    body = b"".join(b"--%b\r\n%b\r\n" % (boundary, part) for part in parts)
    return head + body + b"--%b--\r\n" % boundary
