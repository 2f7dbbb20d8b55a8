"""Postfix: a queue's lines say who (cleanup, qmgr), then for each recipient to whom and what was answered.

Two passes of C over each block: one stops at the lines that tell something, one counts those that begin as syslog lines do.
Lines of other programs and of other matters are irrelevant; a delivery that cannot be read, or a line that is no syslog line,
is not understood, and is said.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from missent.archive.logs.clock import STAMP
from missent.archive.logs.handover import Handover
from missent.archive.logs.lines import Block, told
from missent.archive.logs.parser import LineParser, Told
from missent.archive.logs.replies import next_queue, who_said
from missent.archive.logs.waiting import Open
from missent.nouns.verdict import Skipped

_HEAD = re.compile(rf"(?:<\d+>)?{STAMP} ")
_TELLS = re.compile(
    r": ([0-9A-Za-z]{5,20}): (?:message-id=<?([^>\s]*)|from=<([^>\n]*)>, size=\d+, nrcpt=(\d+)|(to)=<|(from)=<)"
)
_MESSAGE_ID, _SENDER, _DELIVERED = 2, 4, 5
"""Which group of `_TELLS` ended a match."""

_KNOWN = frozenset((_MESSAGE_ID, _SENDER))

_BEGIN = re.compile(rf"(?:<\d+>)?({STAMP}) (\S+) (?:\S+ )?\S*?([\w-]+)(?:\[\d+\])?$")
_DELIVERY = re.compile(
    r'("(?:[^"\\]|\\.)*"@[^>]*|[^>]*)>(?:, orig_to=<([^>]*)>)?, relay=([^,\[]+)(?:\[([^\]]*)\])?[^,]*'
    r"(?:, (?!dsn=|status=)\w+=[^,]*)*(?:, dsn=([\d.]*))?, status=([\w-]+)(?: \((.*)\))?$"
)
_EXPIRED = re.compile(r"([^>]*)>, status=(?:force-)?expired")
_QUOTED_SENDER = re.compile(r'("(?:[^"\\]|\\.)*"@[^>]*)>, size=\d+, nrcpt=(\d+)')
_MAILBOXES = frozenset(("local", "virtual", "dovecot", "maildrop", "procmail", "cyrus"))
_FINAL = frozenset(("sent", "bounced", "expired"))


class Postfix(LineParser):
    """Postfix under any syslog name (`postfix/smtp`, `postfix-out/smtp`, `postfix/submission/smtpd`)."""

    head = _HEAD
    tells = _TELLS

    def read(self, block: Block) -> Iterator[Told]:
        """What a block of lines tells. The pattern stops within lines: that is three times as fast as at their beginning.

        Only the first `]: ` of a line can be where its daemon ends: what strangers made a daemon log comes behind it.
        """
        text, used = block.text, 0
        for found in _TELLS.finditer(text):
            start = found.start()
            begin = text.rfind("\n", 0, start) + 1
            if text.find("]: ", begin, start + 2) != start - 1:
                continue
            kind = found.lastindex
            if kind in _KNOWN:
                used += 1
                self._known(found, text[begin:start], kind)
                continue
            end = text.find("\n", found.end())
            line = self._begun(text[begin:start], found[1], block.offset + begin)
            if not isinstance(line, _Line):
                yield from line
            elif kind == _DELIVERED:
                yield self._delivery(line, text[found.end() : end])
            else:
                yield from self._end_or_sender(line, text[found.end() : end])
        self.tally.used += used
        yield from self.tally.count(self.path, block, _HEAD)
        yield from self.waiting.overflow()

    def _known(self, found: re.Match[str], head: str, kind: int) -> None:
        """A message's identity or sender; the first begins a queue, whose name may have been another message's before."""
        queue_id, message_id, sender, count, *_ = found.groups("")
        one = self.waiting.open.get(queue_id)
        if one is None or kind == _MESSAGE_ID:
            one = self.waiting.open[queue_id] = Open(0.0, "", head=head)
        if kind == _MESSAGE_ID:
            one.message_id = told(message_id)
        else:
            one.sender, one.left = told(sender), int(count)

    def _begun(self, head: str, queue_id: str, offset: int) -> "_Line | list[Skipped]":
        begin = _BEGIN.match(head)
        if begin is None:  # it is counted with the lines that begin otherwise
            return []
        at = self.clock.read(begin[1])
        if at is None:
            return [self.tally.miss(self.path, offset, "date-not-understood")]
        self.tally.used += 1
        return _Line(at, begin[2], begin[3], queue_id, offset)

    def dated(self, one: Open) -> Open:
        """A message with the time and host of its first line, which are read only where they are asked for."""
        begin = _BEGIN.match(one.head)
        if begin:
            one.at, one.host = self.clock.read(begin[1]) or 0.0, begin[2]
        return one

    def _end_or_sender(self, line: "_Line", rest: str) -> Iterator[Handover]:
        one = self.waiting.get(line.queue_id, line.at, line.host)
        if found := _QUOTED_SENDER.match(rest):
            self.waiting.open[line.queue_id] = one
            one.sender, one.left = told(found[1]), int(found[2])
        elif found := _EXPIRED.match(rest):  # of whoever is still waiting
            yield self._handover(line, one, ("", "", "", "", "", "expired", ""))
            self.waiting.open.pop(line.queue_id, None)

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
        meaning = status if status == "deferred" else _status(line.daemon, relay, status, follows=bool(following))
        where = f"{self.path}:{line.offset}"
        begun = (line.at, line.host, line.queue_id, one.message_id, one.sender)
        return Handover(*begun, told(rcpt), told(orig), relay, ip, dsn, meaning, response, following, where, self.clock.sure)


class _Line(NamedTuple):
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
