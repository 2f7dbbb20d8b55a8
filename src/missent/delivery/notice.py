"""The notice: one mail that asks the sender one question about the copies that wait, and says how to answer; the same mail
warns of copies that have gone out and may be wrong.

It is mail about mail, so it must never cause more of it: it leaves from `<>` (RFC 5321 4.5.5), says it is automatic
(RFC 3834) and goes only to a sender who may be written to. It quotes nothing of the message but its subject, which
the sender wrote. A notice that goes to a forged sender is backscatter; `Hold.asks_sender` keeps it from being one.
"""

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage

from missent.delivery.header import own_fields, section
from missent.delivery.letterhead import Letterhead
from missent.delivery.outbox import Parcel, Posting
from missent.delivery.told import Told
from missent.nouns.hold import HeldCopy, Hold, State
from missent.words import letters


@dataclass(frozen=True, slots=True)
class Question:
    """What a notice is made of besides the hold.

    Attributes:
        subject: of the held message, decoded; "" for none.
        link: of the sender's page; "" if there is none.
        at: the letter's date, UTC.
    """

    subject: str
    link: str
    at: datetime


def compose(hold: Hold, posting: Posting, question: Question, head: Letterhead) -> bytes | None:
    """The notice, warning or reminder as RFC 5322 octets with CRLF; None if there is nobody or nothing left to tell.

    A notice tells of every copy that waits and of those let go with a warning; a reminder only of those the sender can
    decide. Where nothing waits the letter is a warning and asks no answer.
    """
    if hold.mail_from is None or not hold.asks_sender:
        return None
    reminder = posting.parcel is Parcel.REMINDER
    about = [copy for copy in hold.copies if copy.id in posting.copy_ids]
    waiting = [copy for copy in about if _still_asked(copy, reminder=reminder)]
    warned = [copy for copy in about if copy.state is State.WARNED]
    if not waiting and not warned:
        return None
    facts = _facts(waiting, warned, question, head) | {"reminder": reminder}
    name = "notice" if waiting else "warning"
    subject = letters.write(f"{name}.subject.txt", facts).replace("\n", "").strip()
    fields = [*own_fields(head, hold.mail_from, posting, question.at, hold.message_id), ("Subject", subject)]
    return section(fields, utf8=not hold.mail_from.spec.isascii()) + _body(name, facts, posting)


def _still_asked(copy: HeldCopy, *, reminder: bool) -> bool:
    return copy.state is State.HELD and (copy.decide == "sender" or not reminder)


def _facts(waiting: list[HeldCopy], warned: list[HeldCopy], question: Question, head: Letterhead) -> dict[str, object]:
    copies = [Told.of(copy) for copy in waiting]
    return {
        "copies": copies,
        "asked": [copy for copy in copies if copy.asked],
        "warned": [Told.of(copy) for copy in warned],
        "subject": question.subject[:200],
        "link": question.link,
        "expires": min((copy.expires for copy in waiting), default=question.at),
        "postmaster": head.postmaster.spec,
        "organisation": head.organisation,
    }


def _body(name: str, facts: dict[str, object], posting: Posting) -> bytes:
    body = EmailMessage(policy=policy.SMTP)
    body.set_content(letters.write(f"{name}.txt", facts), cte="quoted-printable")
    body.add_alternative(letters.write(f"{name}.html", facts), subtype="html", cte="quoted-printable")
    body.set_boundary(f"=_missent_{posting.parcel.value}_{posting.id}")
    del body["MIME-Version"]
    return body.as_bytes()
