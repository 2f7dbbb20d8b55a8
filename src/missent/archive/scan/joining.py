"""What the shards told, joined: copies of one mail made one, and who wrote to whom counted over all of them.

By all workers, in SQL on disk, so that memory does not grow with the archive, in three rounds. First, which mails are the same
though they bear two numbers: their copies are alike. Then mails by ranges of their numbers, which are spread evenly; those with
two numbers are a range of their own. Then each table of the facts is put together from the ranges. Nothing depends on the order
of shards or on who does what, so every engine comes to the same.
"""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from missent.archive.scan.facts import FACTS, RANGE, RANGE_AFTER
from missent.archive.scan.logged import take_transits
from missent.archive.scan.plan import Plan
from missent.archive.scan.pool import Engine
from missent.archive.scan.state import State, attached, connected, whole
from missent.archive.scan.taking import RANGES, Progress

LINKS = 4
"""Parts in which mails with two numbers are looked for."""

_TOLD = "INSERT INTO told SELECT same, one FROM shard.copy{0} WHERE same & 3 = {1};"
_LINK = """
CREATE INDEX temp.told_same ON told(same, one);
CREATE TABLE link AS SELECT DISTINCT told.one AS a, low AS b FROM told
  JOIN (SELECT same, min(one) AS low FROM told GROUP BY same HAVING min(one) != max(one)) USING (same) WHERE told.one != low;
"""
_LABELS = """
CREATE INDEX link_a ON link(a);
CREATE INDEX link_b ON link(b);
CREATE TABLE label(one INTEGER PRIMARY KEY, mail INTEGER);
INSERT INTO label SELECT a, a FROM link UNION SELECT b, b FROM link;
"""
_LOWER = """
UPDATE label SET mail = better.mail FROM (
  SELECT one, min(mail) AS mail FROM (
    SELECT a AS one, label.mail FROM link JOIN label ON label.one = b
    UNION ALL SELECT b, label.mail FROM link JOIN label ON label.one = a) GROUP BY one
) AS better WHERE better.one = label.one AND better.mail < label.mail
"""
_TAKEN = """
INSERT INTO copy SELECT *, one FROM shard.copy{0} WHERE one NOT IN (SELECT one FROM labels.label);
INSERT INTO told SELECT one, person FROM shard.rcpt{0} WHERE one NOT IN (SELECT one FROM labels.label);
"""
_TAKEN_LINKED = """
INSERT INTO copy SELECT taken.*, label.mail FROM shard.copy{0} AS taken CROSS JOIN labels.label ON label.one = taken.one;
INSERT INTO told SELECT label.mail, person FROM shard.rcpt{0} AS taken CROSS JOIN labels.label ON label.one = taken.one;
"""


def join(state: State, engine: Engine) -> None:
    """Make the facts of all shards; nothing is done if they are there. Raises sqlite3.Error, OSError if the disk is full."""
    if state.facts.is_file():
        return
    if state.ledger.is_file():
        take_transits(state)
    engine([JoinPart(state.folder, "link", part) for part in range(LINKS)], _silent)
    if not state.labels.is_file():
        _label(state)
    engine([JoinPart(state.folder, "range", part) for part in range(RANGES + 1)], _silent)
    engine([JoinPart(state.folder, table, 0) for table in FACTS], _silent)
    for table in reversed([*FACTS]):  # the first is there when all are
        state.joined(table, 0).replace(state.table(table))
    for old in state.labels.parent.iterdir():
        old.unlink()


def _silent(_: Progress) -> None:
    return None


def _label(state: State) -> None:
    """Give each of the mails that are the same the lowest of their numbers."""
    with whole(state.labels) as fresh, connected(fresh, building=True) as db:
        db.execute("CREATE TABLE link(a INTEGER, b INTEGER)")
        for part in range(LINKS):
            with attached(db, state.joined("link", part), "part"):
                db.execute("INSERT INTO link SELECT a, b FROM part.link")
        db.executescript(_LABELS)
        while db.execute(_LOWER).rowcount:
            pass


@dataclass(frozen=True, slots=True)
class JoinPart:
    """One part of a round, as a piece of work that can be sent to another process; its database is there at once or not at all.

    Attributes:
        step: `link`, `range`, or the name of one of the facts' databases.
    """

    folder: Path
    step: str
    part: int

    def run(self, show: Callable[[Progress], None]) -> None:
        """Do it. Raises sqlite3.Error, OSError if the disk is full."""
        state = State(self.folder)
        done = state.joined(self.step, self.part)
        if not done.is_file():
            with whole(done) as fresh, connected(fresh, building=True) as db:
                _STEPS.get(self.step, _table)(self, state, db)
        show(Progress(self.part, 0, 0))


def _link(part: JoinPart, state: State, db: sqlite3.Connection) -> None:
    db.execute("CREATE TEMP TABLE told(same INTEGER, one INTEGER)")
    _of_shards(state, db, "".join(_TOLD.format(number, part.part) for number in range(RANGES)))
    db.executescript(_LINK)


def _range(part: JoinPart, state: State, db: sqlite3.Connection) -> None:
    linked = part.part == RANGES
    db.executescript(RANGE)
    with attached(db, state.labels, "labels"):
        _of_shards(state, db, "".join(map(_TAKEN_LINKED.format, range(RANGES))) if linked else _TAKEN.format(part.part))
    db.executescript(RANGE_AFTER)


def _table(part: JoinPart, state: State, db: sqlite3.Connection) -> None:
    made = FACTS[part.step]
    db.executescript(made.tables)
    if made.of_range:
        for number in range(RANGES + 1):
            with attached(db, state.joined("range", number), "part"):
                db.executescript(made.of_range)
    if made.of_shard:
        with attached(db, state.labels, "labels"):
            _of_shards(state, db, made.of_shard)
    db.executescript(made.after)
    db.execute("ANALYZE main")


_STEPS: dict[str, Callable[[JoinPart, State, sqlite3.Connection], None]] = {"link": _link, "range": _range}


def _of_shards(state: State, db: sqlite3.Connection, script: str) -> None:
    """Run a script for what every shard told, and the logs."""
    for shard in _shards(state):
        with attached(db, shard, "shard"):
            db.executescript(f"BEGIN; {script} COMMIT")


def _shards(state: State) -> Iterator[Path]:
    yield from map(state.shard, range(Plan(state).shards()))
    if state.ledger.is_file():
        yield state.logged
