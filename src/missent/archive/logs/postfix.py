"""Postfix: a queue's lines say who (cleanup, qmgr), then for each recipient to whom and what was answered.

Two passes of C over each block: one stops at the lines that tell something, one counts those that begin as syslog lines do.
Lines of other programs and of other matters are irrelevant; a delivery that cannot be read, or a line that is no syslog line,
is not understood, and is said.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from missent.archive.logs.clock import STAMP
from missent.archive.logs.handover import Handover
from missent.archive.logs.lines import Block, told
from missent.archive.logs.parser import LineParser, Told
from missent.archive.logs.replies import next_queue, who_said
from missent.archive.logs.waiting import Open
from missent.nouns.verdict import Skipped

_HEAD = re.compile(rf"^(?:<\d+>)?{STAMP} ", re.MULTILINE)
_TELLS = re.compile(r": ([0-9A-Za-z]{5,20}): (to=<|from=<|message-id=|resent-message-id=)")
_BEGIN = re.compile(rf"(?:<\d+>)?({STAMP}) (\S+) (?:\S+ )?\S*?([\w-]+)(?:\[\d+\])?$")
_DELIVERY = re.compile(
    r'("(?:[^"\\]|\\.)*"@[^>]*|[^>]*)>(?:, orig_to=<([^>]*)>)?, relay=([^,\[]+)(?:\[([^\]]*)\])?[^,]*'
    r"(?:, (?!dsn=|status=)\w+=[^,]*)*(?:, dsn=([\d.]*))?, status=([\w-]+)(?: \((.*)\))?$"
)
_EXPIRED = re.compile(r"([^>]*)>, status=(?:force-)?expired")
_SENDER = re.compile(r'("(?:[^"\\]|\\.)*"@[^>]*|[^>]*)>, size=\d+, nrcpt=(\d+)')
_MAILBOXES = frozenset(("local", "virtual", "dovecot", "maildrop", "procmail", "cyrus"))
_FINAL = frozenset(("sent", "bounced", "expired"))


class Postfix(LineParser):
    """Postfix under any syslog name (`postfix/smtp`, `postfix-out/smtp`, `postfix/submission/smtpd`)."""

    head = _HEAD
    tells = _TELLS

    def read(self, block: Block) -> Iterator[Told]:
        """What a block of lines tells. The pattern stops within lines: that is three times as fast as at their beginning."""
        text = block.text
        for found in _TELLS.finditer(text):
            begin = text.rfind("\n", 0, found.start()) + 1
            end = text.find("\n", found.end())
            head = _BEGIN.match(text, begin, found.start())
            if head and (at := self.clock.read(head[1])) is not None:
                line = _Line(at, head[2], head[3], found[1], block.offset + begin)
                yield from self._line(line, found[2], text[found.end() : end])
            elif _HEAD.match(text, begin):  # else the count below says so
                yield self.tally.miss(self.path, block.offset + begin, "date-not-understood")
        yield from self.tally.count(self.path, block, _HEAD)
        yield from self.waiting.overflow()

    def _line(self, line: "_Line", kind: str, rest: str) -> Iterator[Handover | Skipped]:
        self.tally.used += 1
        if kind == "to=<":
            yield self._delivery(line, rest)
        elif kind == "from=<":
            yield from self._sender(line, rest)
        elif kind == "message-id=":  # the first line of a queue, whose name may have been another message's before
            self.waiting.open[line.queue_id] = Open(line.at, line.host, told(rest.strip("<>\r ")))

    def _sender(self, line: "_Line", rest: str) -> Iterator[Handover]:
        one = self.waiting.open.setdefault(line.queue_id, Open(line.at, line.host))
        if found := _SENDER.match(rest):
            one.sender, one.left = told(found[1]), int(found[2])
        elif found := _EXPIRED.match(rest):  # of whoever is still waiting
            yield self._handover(line, one, ("", "", "", "", "", "expired", ""))
            del self.waiting.open[line.queue_id]

    def _delivery(self, line: "_Line", rest: str) -> Handover | Skipped:
        found = _DELIVERY.match(rest.rstrip("\r"))
        if not found:
            self.tally.used -= 1
            return self.tally.miss(self.path, line.offset, "line-not-understood")
        one = self.waiting.get(line.queue_id, line.at, line.host)
        handover = self._handover(line, one, found.groups(""))
        if found[6] in _FINAL:
            self.waiting.done(line.queue_id)
        return handover

    def _handover(self, line: "_Line", one: Open, fields: tuple[str, ...]) -> Handover:
        rcpt, orig, relay, ip, dsn, status, response = fields
        response = told(response)
        following = next_queue(response) if status == "sent" else ""
        if relay == "none" or not relay:
            relay, ip = who_said(response)
        return Handover(
            at=line.at,
            host=line.host,
            queue_id=line.queue_id,
            message_id=one.message_id,
            sender=one.sender,
            rcpt=told(rcpt),
            orig_rcpt=told(orig),
            relay_host=relay,
            relay_ip=ip,
            dsn=dsn,
            status=_status(line.daemon, relay, status, follows=bool(following)),
            response=response,
            next_queue_id=following,
            where=f"{self.path}:{line.offset}",
            sure=self.clock.sure,
        )


@dataclass(slots=True, frozen=True)
class _Line:
    """The beginning of a line: when, which host's which daemon, about which queue; `offset` in the file."""

    at: float
    host: str
    daemon: str
    queue_id: str
    offset: int


def _status(daemon: str, relay: str, status: str, *, follows: bool) -> str:
    """What a status means: `sent` to an agent of ours is a mailbox, to the discard agent nowhere."""
    if status != "sent":
        return "deferred" if status == "SOFTBOUNCE" else status
    if daemon == "discard":
        return "discarded"
    here = daemon in {"local", "virtual"} or (daemon == "pipe" and relay in _MAILBOXES) or daemon == "lmtp"
    return "delivered" if here and not follows else "sent"
