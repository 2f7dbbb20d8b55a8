"""A held message judged again, whole, as if it were sent to one address: what a sender's correction must stand up to."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from missent.judging import Judging
from missent.message.model import Message
from missent.message.reading import read
from missent.nouns.address import Address
from missent.nouns.envelope import Client, Envelope, Recipient
from missent.nouns.hold import Hold
from missent.nouns.verdict import Verdict
from missent.reading.opener import Opener

Again = Callable[[Hold, Address], Verdict]


def judge_again(judging: Judging, opener: Opener, body: Callable[[str], bytes], now: Callable[[], datetime]) -> Again:
    """Judges (hold, address). `body` gives a hold's message by its id. What it returns raises StoreError and HoldError."""

    def again(hold: Hold, rcpt: Address) -> Verdict:
        raw = body(hold.id)
        message = _gone(read(raw), {copy.rcpt.key for copy in hold.copies})
        envelope = Envelope(hold.mail_from, (Recipient(rcpt),), client=Client(own=True))
        return judging.judge(message, envelope, now(), opener.open(raw, message))

    return again


def _gone(message: Message, waiting: set[str]) -> Message:
    """A message without those whose copy was kept back: who is put right must not be doubted for standing beside the slip."""
    to, cc, bcc = (tuple(a for a in field if a.key not in waiting) for field in (message.to, message.cc, message.bcc))
    return replace(message, to=to, cc=cc, bcc=bcc)
