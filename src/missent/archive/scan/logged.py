"""Logs among the sources: joined into a ledger, and the recipients they know of added to what the mailboxes tell.

A Bcc whose sender's copy is gone, the members of a list, a mail of which no copy is left: only the log knows. A log's mail
is the archive's by Message-ID; what the archive lacks becomes a mail of its own, judged by its addresses alone.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from missent.archive.deliveries import JoinedDeliveries, Ours, gather_part, gather_parts
from missent.archive.handovers import handovers
from missent.archive.logs.handover import Handover, Queued
from missent.archive.readers import source_of
from missent.archive.scan.digests import number, of_text
from missent.archive.scan.plan import Plan
from missent.archive.scan.pool import Engine
from missent.archive.scan.state import State, attached, connected, together, whole
from missent.archive.scan.taking import LOGGED, OWN, PERSON, RANGES, SCHEMA, Progress, range_of
from missent.nouns.verdict import Skipped

NO_SOURCE = -1
"""Stands for the source of a mail that only a log tells of; its place is the log line."""

_OF_LINES = frozenset(("line-not-understood", "line-too-long", "date-not-understood"))
"""Reasons that cost a line, not messages."""

_MOST_SKIPPED = 10_000
"""Listed of one log."""

_SEEN = "CREATE TEMP TABLE seen(message_id INTEGER, one INTEGER, sender INTEGER);"
_SEE = "".join(
    f"INSERT INTO seen SELECT message_id, one, sender FROM shard.copy{n} WHERE message_id != 0;"  # noqa: S608 - our own
    for n in range(RANGES)
)
_KNOWN = "SELECT DISTINCT one, sender FROM seen WHERE message_id = ? ORDER BY sender != ?, one LIMIT 2"
_COPY = [f"INSERT INTO copy{n} VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, 0)" for n in range(RANGES)]  # noqa: S608 - our own
_RCPT = [f"INSERT INTO rcpt{n} VALUES (?, ?)" for n in range(RANGES)]  # noqa: S608 - our own


@dataclass(frozen=True, slots=True)
class ReadLog:
    """One log read, as a piece of work that can be sent to another process.

    Attributes:
        number: of the source.
        clock: year and zone of `missent.archive.scan.running.Request`.
    """

    folder: Path
    number: int
    path: Path
    clock: tuple[int | None, tzinfo]

    def run(self, show: Callable[[Progress], None]) -> None:
        """Write down what it tells, at once or not at all. Raises OSError, sqlite3.Error if the disk is full."""
        state = State(self.folder)
        done = state.log(self.number)
        if not done.is_file():
            skipped: list[Skipped] = []
            with whole(done) as fresh:
                gather_part(_told(handovers(source_of(self.path), *self.clock), skipped), fresh)
                with whole(done.with_suffix(".jsonl")) as lines:
                    lines.write_text("".join(json.dumps([one.where, one.reason]) + "\n" for one in skipped))
        show(Progress(self.number, 0, 0))


def gather_logs(state: State, own: frozenset[str], clock: tuple[int | None, tzinfo], engine: Engine) -> None:
    """Write the ledger of all logs among the planned sources; none where there are no logs. `clock`: as of `ReadLog`."""
    if state.ledger.is_file():
        return
    tasks = [ReadLog(state.folder, number, path, clock) for number, path in Plan(state).logs()]
    if not tasks:
        return
    engine(tasks, lambda _: None)
    with whole(state.folder / "logs-skipped.jsonl") as lines, lines.open("w") as file:
        for task in tasks:
            file.write(state.log(task.number).with_suffix(".jsonl").read_text())
    (state.folder / "own.json").write_text(json.dumps(sorted(own)))
    with whole(state.ledger) as fresh:
        gather_parts((state.log(task.number) for task in tasks), fresh)


def skipped_logs(state: State) -> Iterator[tuple[str, str, int]]:
    """What of the logs could not be read: where, why, and how many messages it may have told of."""
    path = state.folder / "logs-skipped.jsonl"
    if path.is_file():
        for line in path.read_text().splitlines():
            where, reason = json.loads(line)
            yield where, reason, 0 if reason in _OF_LINES else 1


def deliveries(state: State, ours: Ours) -> JoinedDeliveries | None:
    """The joined logs of a scan; None if there were none."""
    return JoinedDeliveries(state.ledger, ours) if state.ledger.is_file() else None


def take_transits(state: State) -> None:
    """Write down what the logs know of recipients, as a shard tells what it read; nothing is done if it is there."""
    if state.logged.is_file():
        return
    own = frozenset(json.loads((state.folder / "own.json").read_text()))
    with whole(state.logged) as fresh, connected(fresh, building=True) as db:
        db.executescript(SCHEMA + _SEEN)
        for shard in range(Plan(state).shards()):
            with attached(db, state.shard(shard), "shard"):
                db.executescript(_SEE)
        db.execute("CREATE INDEX temp.seen_id ON seen(message_id)")
        with together(db), JoinedDeliveries(state.ledger, Ours(own)) as joined:
            for transit in joined.transits():
                at = int(transit.at.timestamp())
                one = _mail(db, transit.message_id, transit.mail_from, at, (own, transit.acceptance.where[:1]))
                db.execute(_RCPT[range_of(one)], (one, _person(db, transit.rcpt, own)))


def _mail(db: sqlite3.Connection, message_id: str, sender: str, at: int, told: tuple[frozenset[str], tuple[str, ...]]) -> int:
    """The archive's mail with this Message-ID: that of the sender if several have it. A new one if none has."""
    own, where = told
    author = of_text(sender)
    known = dict(db.execute(_KNOWN, (of_text(message_id), author)).fetchall()) if message_id else {}
    if known:
        mine: int = next((one for one, who in known.items() if who == author), min(known))
        return mine
    one = number(f"{message_id or at}\n{sender}".encode("utf-8", "surrogatepass"))
    flags = LOGGED | (OWN | PERSON if _is_own(sender.rpartition("@")[2], own) else 0)
    person = _person(db, sender, own) if sender else 0
    db.execute("INSERT OR IGNORE INTO log_id VALUES (?, ?)", (one, message_id))
    identity = of_text(message_id)
    db.execute(_COPY[range_of(one)], (one, one, identity, at, person, flags, NO_SOURCE, where[0] if where else ""))
    if identity:
        db.execute("INSERT INTO seen VALUES (?, ?, ?)", (identity, one, person))
    return one


def _person(db: sqlite3.Connection, key: str, own: frozenset[str]) -> int:
    person = of_text(key)
    local, _, domain = key.rpartition("@")
    db.execute("INSERT OR IGNORE INTO person VALUES (?, ?, ?, ?)", (person, local, domain, _is_own(domain, own)))
    return person


def _is_own(domain: str, own: frozenset[str]) -> bool:
    return any(domain == each or domain.endswith("." + each) for each in own)


def _told(found: Iterable[Handover | Queued | Skipped], skipped: list[Skipped]) -> Iterator[Handover | Queued]:
    for told in found:
        if not isinstance(told, Skipped):
            yield told
        elif len(skipped) < _MOST_SKIPPED:
            skipped.append(told)
