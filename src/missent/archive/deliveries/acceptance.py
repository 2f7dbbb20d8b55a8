"""The join: an archived message and a recipient in, what the logs say of it out.

Message-ID finds the message; where it has none, sender, recipient and time do. Its recipients are those of the envelope:
what a header says of recipients decides nothing here.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Self

from missent.archive.acceptance.accepted import Accepted, Extra, Logged
from missent.archive.acceptance.ledger import Ledger, Settled
from missent.archive.acceptance.sides import Habits, Ours, Sides
from missent.archive.acceptance.ways import outcome
from missent.archive.logs.handover import Handover, Queued
from missent.nouns.address import Address
from missent.recipients import suffixes
from missent.recipients.book import packaged

_AROUND = 15 * 60.0
"""Seconds between a message's date and its handover where nothing but the envelope joins them."""

_LIFETIME = 10 * 86_400.0
"""Seconds a message may take from one queue into the next: twice the usual queue lifetime (RFC 5321 4.5.4.1)."""

_CLOCKS = 300.0
_YEARS = 370 * 86_400.0


def gather(told: Iterable[Handover | Queued], path: Path) -> None:
    """Write what logs tell into a new ledger at `path`, for `Acceptance`. Raises sqlite3.Error if the disk is full."""
    ledger = Ledger(path, site)
    ledger.take(told)
    ledger.settle()


class Acceptance:
    """Answers from one ledger. Cheap to open: every process opens its own."""

    def __init__(self, path: Path, ours: Ours = Ours()) -> None:  # noqa: B008  immutable
        self._ledger = Settled(path)
        takes, direct, writers = self._ledger.habits()
        self._sides = Sides(ours, Habits(takes, direct, writers), site)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ledger.close()

    def of(self, message_id: str, sender: str, rcpt: str, at: datetime | None) -> Accepted:
        """Whether a recipient's side took a message.

        Addresses are as `Address.spec` has them; `message_id` has no brackets and may be "". Where several messages bear
        one Message-ID, those of about the time `at` count.
        """
        key = Address.parse(rcpt).key
        found = self._near(self._ledger.of_message(message_id), at) if message_id else []
        hops = self._ways(found, key)
        if not hops and at and not found:
            hops = self._ways(self._by_envelope(Address.parse(sender).key, key, at.timestamp(), message_id), key)
        if hops:
            return outcome(hops, self._judge)
        return Accepted("unknown", "not-in-envelope" if found else "not-in-logs", where=tuple(hop.where for hop in found[:1]))

    def others(self, message_id: str, known: Iterable[str] = ()) -> tuple[Extra, ...]:
        """Recipients of the envelope besides the `known` ones: Bcc, members of lists, forwards; each once."""
        seen = {Address.parse(rcpt).key for rcpt in known}
        extra: dict[str, Extra] = {}
        for hop in self._ledger.of_message(message_id) if message_id else ():
            key = Address.parse(hop.rcpt).key
            if hop.status != "expanded" and key not in seen and hop.rcpt:
                extra.setdefault(key, Extra(hop.rcpt, hop.orig_rcpt, hop.sender, _utc(hop.at), hop.where))
        return tuple(extra.values())

    def messages(self) -> Iterator[Logged]:
        """Every message the logs know by Message-ID: for those that lie in no archive, and for history."""
        for message_id, group in groupby(self._ledger.by_message(), key=lambda hop: hop.message_id):
            hops = list(group)
            rcpts = {Address.parse(rcpt).key: rcpt for hop in hops if (rcpt := hop.orig_rcpt or hop.rcpt)}
            yield Logged(message_id, _utc(hops[0].at), hops[0].sender, tuple(rcpts.values()), hops[0].where)

    def _ways(self, found: list[Handover], key: str) -> list[Handover]:
        """Handovers for a recipient, and what became of them under the names later servers gave."""
        ways = {hop.where: hop for hop in found if key in _keys(hop)}
        queues = {(hop.host, hop.queue_id) for hop in ways.values()}
        ways |= {hop.where: hop for hop in found if not hop.rcpt and (hop.host, hop.queue_id) in queues}
        todo = list(ways.values())
        while todo:
            hop = todo.pop()
            if hop.next_queue_id:
                for other in self._ledger.of_queue(hop.next_queue_id, hop.at - _CLOCKS, hop.at + _LIFETIME):
                    if other.where not in ways and _keys(other) & _keys(hop):
                        ways[other.where] = other
                        todo.append(other)
        return sorted(ways.values(), key=lambda hop: hop.at)

    def _by_envelope(self, sender: str, rcpt: str, at: float, message_id: str) -> list[Handover]:
        """Handovers that only the envelope joins: one message of that sender about that time, and none other."""
        near = self._ledger.of_rcpt(rcpt, at - _AROUND, at + _AROUND)
        near = [hop for hop in near if Address.parse(hop.sender).key == sender and (not message_id or not hop.message_id)]
        return near if len({(hop.host, hop.queue_id) for hop in near}) == 1 else []

    def _near(self, hops: list[Handover], at: datetime | None) -> list[Handover]:
        """Those of about a message's time if there are such: a year that was guessed is put right by it."""
        if at is None:
            return hops
        then = at.timestamp()
        hops = [hop if hop.sure else hop._replace(at=_in_year(hop.at, then)) for hop in hops]
        return [hop for hop in hops if abs(hop.at - then) < _LIFETIME] or hops

    def _judge(self, hop: Handover) -> str:
        domain = Address.parse(hop.rcpt).domain
        return self._sides.why(hop.relay_host, hop.relay_ip, domain, hop.host)


def site(host: str) -> str:
    """The registrable domain of a host or domain, by the packaged public suffixes; itself where there is none."""
    return suffixes.registrable(packaged(), host) or host


def _keys(hop: Handover) -> set[str]:
    return {Address.parse(text).key for text in (hop.rcpt, hop.orig_rcpt) if text}


def _in_year(at: float, near: float) -> float:
    """The same day and time in the year that lies nearest to another time."""
    day = _utc(at)
    years = {_utc(near + shift).year for shift in (-_YEARS / 2, 0, _YEARS / 2)}
    days = [day.replace(year=year) for year in years if (day.month, day.day) != (2, 29) or year % 4 == 0]
    return min((one.timestamp() for one in days), key=lambda one: abs(one - near), default=at)


def _utc(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
