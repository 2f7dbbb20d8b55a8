"""Slips that time has shown: mail that bounced, drew a "wrong address", or was sent again to a neighbouring address.

What was sent is remembered for as long as something may still speak of it, and no longer.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from missent.archive.scan.aftermath import AGAIN, BOUNCES, NOTICES, neighbours
from missent.archive.scan.reports import read_report
from missent.message.decoding import opening
from missent.message.model import Message
from missent.nouns.sighting import Sighting
from missent.recipients.notices import says_so


@dataclass(slots=True)
class Sent:
    """One recipient's copy that an own sender sent.

    Attributes:
        rules: by policy, the rule that would have stopped or asked; "" where none would.
        slip: kind of what showed it to be a slip, "" while nothing has.
    """

    at: datetime
    sender: str
    rcpt: str
    message_id: str
    topic: str
    body: str
    rules: tuple[str, ...]
    slip: str = ""


def is_report(message: Message) -> bool:
    """Whether a message is a delivery report, be it our own server's."""
    return message.automatic and any("delivery-status" in part.kind for part in message.parts)


class Watch:
    """Follows mail in the order of time."""

    def __init__(self) -> None:
        self._sent: OrderedDict[tuple[str, str], list[Sent]] = OrderedDict()
        self._by_sender: dict[str, list[Sent]] = {}

    def send(self, sent: Sent) -> Iterator[Sent]:
        """Remember what was sent; yields what it shows to have been a slip: the same mail to a neighbour shortly before."""
        recent = [s for s in self._by_sender.get(sent.sender, ()) if sent.at - s.at <= AGAIN]
        for before in recent:
            same = before.body == sent.body or before.topic == sent.topic != ""
            apart = before.message_id != sent.message_id and before.rcpt != sent.rcpt
            if same and apart and not before.slip and neighbours(sent.rcpt, before.rcpt):
                before.slip = "sent-again"
                yield before
        self._by_sender[sent.sender] = [*recent[-50:], sent]
        key = (sent.sender, sent.rcpt)
        copies = [s for s in self._sent.pop(key, ()) if sent.at - s.at <= NOTICES]
        self._sent[key] = [*copies[-20:], sent]
        while self._sent and sent.at - next(iter(self._sent.values()))[-1].at > NOTICES:
            self._sent.popitem(last=False)

    def receive(self, raw: bytes, message: Message, sighting: Sighting) -> Iterator[Sent]:
        """What a mail that came in shows to have been a slip."""
        if is_report(message):
            report = read_report(raw, message)
            for rcpt in (a.key for a in sighting.rcpts):
                for failed in report.failed:
                    yield from self._told("bounce", (rcpt, failed), report.about, sighting.at)
        elif sighting.automatic and not message.automatic and says_so(message.subject, opening(raw, message)):
            for rcpt in (a.key for a in sighting.rcpts):
                yield from self._told("wrong-address", (rcpt, sighting.sender.key), "", sighting.at)

    def _told(self, kind: str, way: tuple[str, str], about: str, at: datetime) -> Iterator[Sent]:
        longest = BOUNCES if kind == "bounce" else NOTICES
        copies = [s for s in self._sent.get(way, ()) if at - s.at <= longest and (not about or s.message_id == about)]
        if copies and not copies[-1].slip:
            copies[-1].slip = kind
            yield copies[-1]
