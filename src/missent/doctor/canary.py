"""A canary: one harmless message to a mistyped address, sent the way users' mail goes, to see whether it is stopped.

A canary that is not stopped goes to a stranger, so it is sent only when everything before it says it will be held: the
verdict on its address, and a probe to an address that cannot exist, which is refused wherever missent stands in the way and
which nobody gets where it does not.
"""

import smtplib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from missent.doctor import told
from missent.doctor.told import Told, amiss, doubtful, well
from missent.errors import HoldError
from missent.holds.book import Decision, HoldBook
from missent.judging import Judging
from missent.nouns.action import Action
from missent.nouns.address import Address
from missent.nouns.hold import Hold, State, Step

PROBE = "missent-canary@missent-doctor.invalid"
"""RFC 2606 2: `.invalid` never exists."""

_OURS = b"refused by this organisation's policy"
"""Words of `missent.gateway.refusing`: a mail server's own refusal does not show that missent was asked."""

_TEXT = "A test by `missent doctor`: it should have been held. It carries nothing; if you got it, please ignore it.\n"
_ACTOR = "cli:doctor"


@dataclass(frozen=True, slots=True)
class Canary:
    """How it is sent.

    Attributes:
        through: host and port of the mail server or relay that users' mail goes through.
        sender: reverse-path, one of our own.
        rcpt: the mistyped address.
        after_queue: missent stands behind the mail server's queue, so that a probe is not refused at once.
        id: Message-ID without brackets.
    """

    through: tuple[str, int]
    sender: str
    rcpt: str
    id: str
    after_queue: bool = False
    patience: float = 20.0


def mistyped(judging: Judging, own: Sequence[str], sender: str, at: datetime) -> str | None:
    """An address that looks like one of ours, mistyped, and would be held; None if none of the slips tried would be."""
    for domain in own:
        name, dot, rest = domain.partition(".")
        swapped = [name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in range(len(name) - 1)]
        dropped = [name[:i] + name[i + 1 :] for i in range(len(name))]
        doubled = [name[:i] + name[i] + name[i:] for i in range(len(name))]
        for slip in dict.fromkeys((*swapped, *doubled, *dropped)):
            if slip != name and len(slip) > 1 and _held(judging, sender, f"missent-canary@{slip}{dot}{rest}", at):
                return f"missent-canary@{slip}{dot}{rest}"
    return None


def fly(canary: Canary, judging: Judging, book: HoldBook, now: Callable[[], datetime]) -> Iterator[Told]:
    """Send it, if it is safe to, and say what became of it."""
    if not _held(judging, canary.sender, canary.rcpt, now()):
        yield amiss("canary", f"the policy would not hold {canary.rcpt}: not sent", "`missent check --to` it says why.")
        return
    try:
        probed = _probe(canary)
        yield probed
        if probed.state is told.State.AMISS:
            return
        yield _sent(canary, book, now)
    except (OSError, smtplib.SMTPException) as error:
        where = f"{canary.through[0]}:{canary.through[1]}"
        yield amiss(
            "canary",
            f"could not be handed to {where}: {type(error).__name__}",
            "Name your mail server with --through HOST:PORT.",
        )


def _held(judging: Judging, sender: str, rcpt: str, at: datetime) -> bool:
    verdict = judging.judge_address(Address.parse(sender), Address.parse(rcpt), at)
    return verdict.action is Action.HOLD


def _probe(canary: Canary) -> Told:
    code, text = _hand_over(canary, PROBE, f"probe-{canary.id}")
    if code >= 500 and _OURS in text:
        return well("probe", f"an address that cannot exist is refused by missent ({code}): it stands in the way of mail")
    if canary.after_queue:
        return well("probe", f"answered {code} by the mail server; missent comes behind its queue")
    said = f"refused by the mail server itself ({code})" if code >= 500 else f"taken ({code})"
    advice = "Nothing shows that mail passes missent there: the canary was not sent. Behind the queue, say --after-queue."
    return amiss("probe", f"an address that cannot exist was {said}", advice)


def _sent(canary: Canary, book: HoldBook, now: Callable[[], datetime]) -> Told:
    begun = now()
    code, text = _hand_over(canary, canary.rcpt, canary.id)
    if code >= 500 and _OURS not in text:
        return doubtful("canary", f"{canary.rcpt}: refused ({code}), but not by missent", "The mail server's log says why.")
    if code >= 500:
        return well("canary", f"{canary.rcpt}: refused while it was sent ({code})")
    if code >= 400:
        return doubtful("canary", f"{canary.rcpt}: put off by the mail server ({code})", "Its log says why; try again.")
    hold = _awaited(canary, book, begun)
    if hold is None:
        said = f"{canary.rcpt}: taken ({code}) and not held within {canary.patience:.0f} s: IT MAY HAVE BEEN DELIVERED"
        return amiss(
            "canary", said, "Look for its Message-ID in the mail server's log; is missent on this path, and not observing?"
        )
    _taken_back(hold, book, now)
    return well("canary", f"{canary.rcpt}: held, and taken back")


def _awaited(canary: Canary, book: HoldBook, begun: datetime) -> Hold | None:
    until = time.monotonic() + canary.patience
    while time.monotonic() < until:
        for hold in book.find(State.HELD, since=begun - timedelta(minutes=5)):
            if hold.message_id == canary.id:
                return hold
        time.sleep(0.1)
    return None


def _taken_back(hold: Hold, book: HoldBook, now: Callable[[], datetime]) -> None:
    for copy in hold.copies:
        try:
            book.decide(Decision(hold.id, copy.id, Step.RETURN, _ACTOR, now(), reason="canary of missent doctor"))
        except HoldError:  # somebody was quicker
            continue


def _hand_over(canary: Canary, rcpt: str, id_: str) -> tuple[int, bytes]:
    """Send one message as a mail program does; the last reply. Automatic, so that nobody is asked about it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = canary.sender, rcpt, "missent canary"
    message["Message-ID"], message["Date"] = f"<{id_}>", format_datetime(datetime.now().astimezone())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_TEXT)
    with smtplib.SMTP(*canary.through, timeout=30) as smtp:
        smtp.ehlo_or_helo_if_needed()
        for say, address in ((smtp.mail, canary.sender), (smtp.rcpt, rcpt)):
            code, text = say(address)
            if code >= 400:
                return code, text
        try:
            return smtp.data(message.as_bytes(policy=SMTP))
        except smtplib.SMTPDataError as error:
            return error.smtp_code, _octets(error.smtp_error)


def _octets(text: bytes | str) -> bytes:
    return text.encode() if isinstance(text, str) else text
