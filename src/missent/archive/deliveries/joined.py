"""The join: an archived message and a recipient in, what the logs say of it out.

Message-ID finds the message; where it has none, sender, recipient and time do. Its recipients are those of the envelope:
what a header says of recipients decides nothing here.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Self

from missent.archive.acceptance import NEAR, NOT_KNOWN, Acceptance, Transit
from missent.archive.deliveries.ledger import Ledger, Settled
from missent.archive.deliveries.sides import Habits, Ours, Sides
from missent.archive.deliveries.ways import outcome
from missent.archive.logs.handover import Handover, Queued
from missent.nouns.address import Address
from missent.recipients import suffixes
from missent.recipients.book import packaged

_LIFETIME = 10 * 86_400.0
"""Seconds a message may take from one queue into the next: twice the usual queue lifetime (RFC 5321 4.5.4.1)."""

_CLOCKS = 300.0
"""Seconds by which two servers' clocks may differ."""

_HALF_YEAR = 183 * 86_400.0


def gather(told: Iterable[Handover | Queued], path: Path) -> None:
    """Write what logs tell into a new ledger at `path`, for `JoinedDeliveries`. Raises sqlite3.Error if the disk is full."""
    ledger = Ledger(path, site)
    ledger.take(told)
    ledger.settle()


def gather_part(told: Iterable[Handover | Queued], path: Path) -> None:
    """Write what one log tells at `path`, for `gather_parts`. Raises sqlite3.Error if the disk is full."""
    ledger = Ledger(path, site)
    ledger.take(told)
    ledger.close()


def gather_parts(parts: Iterable[Path], path: Path) -> None:
    """What `gather` makes of all that these logs tell, in this order. Raises sqlite3.Error if the disk is full."""
    ledger = Ledger(path, site)
    for part in parts:
        ledger.add(part)
    ledger.settle()


class JoinedDeliveries:
    """Answers from one ledger. Cheap to open: every process opens its own."""

    def __init__(self, path: Path, ours: Ours = Ours()) -> None:  # noqa: B008  immutable
        self._ledger = Settled(path)
        takes, direct, writers = self._ledger.habits()
        self._sides = Sides(ours, Habits(takes, direct, writers), site)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the ledger."""
        self._ledger.close()

    def of(self, message_id: str, mail_from: str, rcpt: str, at: datetime | None) -> Acceptance:
        """See `Deliveries`. Where several messages bear one Message-ID, those of about the time `at` count."""
        found = _near(self._ledger.of_message(message_id), at) if message_id else []
        hops = self._ways(found, rcpt)
        if not hops and at and not found:
            hops = self._ways(self._by_envelope(mail_from, rcpt, at.timestamp(), message_id), rcpt)
        if hops:
            return outcome(hops, self._judge)
        return Acceptance(why="not-in-envelope", where=(found[0].where,)) if found else NOT_KNOWN._replace(why="not-in-logs")

    def transits(self) -> Iterator[Transit]:
        """See `Deliveries`: by Message-ID, those without one by queue; recipients in the order in which they were served."""
        for (message_id, *_), group in groupby(self._ledger.by_message(), key=_message):
            hops = sorted(group, key=lambda hop: hop.at)
            for rcpt in dict.fromkeys(key(hop.rcpt) for hop in hops if hop.rcpt and hop.status != "expanded"):
                way = self._ways(hops, rcpt)
                at = datetime.fromtimestamp(way[0].at, UTC)
                yield Transit(message_id, key(hops[0].sender), rcpt, at, outcome(way, self._judge))

    def _ways(self, found: list[Handover], rcpt: str) -> list[Handover]:
        """Handovers for a recipient, and what became of them under the names later servers gave."""
        ways = {hop.where: hop for hop in found if rcpt in _keys(hop)}
        queues = {(hop.host, hop.queue_id) for hop in ways.values()}
        ways |= {hop.where: hop for hop in found if not hop.rcpt and (hop.host, hop.queue_id) in queues}
        todo = list(ways.values())
        while todo:
            hop = todo.pop()
            if hop.next_queue_id:
                for other in self._ledger.of_queue(hop.next_queue_id, hop.at - _CLOCKS, hop.at + _LIFETIME):
                    if other.where not in ways and (_keys(other) & _keys(hop) or not other.rcpt):
                        ways[other.where] = other
                        todo.append(other)
        return sorted(ways.values(), key=lambda hop: hop.at)

    def _by_envelope(self, sender: str, rcpt: str, at: float, message_id: str) -> list[Handover]:
        """Handovers that only the envelope joins: one message of that sender about that time, and none other."""
        around = NEAR.total_seconds()
        near = self._ledger.of_rcpt(rcpt, at - around, at + around)
        near = [hop for hop in near if key(hop.sender) == sender and (not message_id or not hop.message_id)]
        return near if len({(hop.host, hop.queue_id) for hop in near}) == 1 else []

    def _judge(self, hop: Handover) -> str:
        return self._sides.why(hop.relay_host, hop.relay_ip, key(hop.rcpt).rpartition("@")[2], hop.host)


def site(host: str) -> str:
    """The registrable domain of a host or domain, by the packaged public suffixes; itself where there is none."""
    return suffixes.registrable(packaged(), host) or host


@lru_cache(50_000)
def key(address: str) -> str:
    """An address of a log as it is compared; "" for the null reverse-path."""
    return Address.parse(address).key if address else ""


def _keys(hop: Handover) -> set[str]:
    return {key(text) for text in (hop.rcpt, hop.orig_rcpt) if text}


def _message(hop: Handover) -> tuple[str, str, str]:
    return (hop.message_id, "", "") if hop.message_id else ("", hop.host, hop.queue_id)


def _near(hops: list[Handover], at: datetime | None) -> list[Handover]:
    """Those of about a message's time if there are such: a year that was guessed is put right by it."""
    if at is None:
        return hops
    then = at.timestamp()
    hops = [hop if hop.sure else hop._replace(at=_in_year(hop.at, then)) for hop in hops]
    return [hop for hop in hops if abs(hop.at - then) < _LIFETIME] or hops


def _in_year(at: float, near: float) -> float:
    """The same day and time in the year that lies nearest to another time."""
    day = datetime.fromtimestamp(at, UTC)
    years = {datetime.fromtimestamp(near + shift, UTC).year for shift in (-_HALF_YEAR, 0, _HALF_YEAR)}
    days = [day.replace(year=year) for year in years if (day.month, day.day) != (2, 29) or year % 4 == 0]
    return min((one.timestamp() for one in days), key=lambda one: abs(one - near), default=at)
