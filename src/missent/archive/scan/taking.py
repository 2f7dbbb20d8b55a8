"""The first pass over one shard: each message looked at once, what it tells written to the shard's own file.

Rows and how far the shard was read are one transaction: a worker that is killed loses at most a second's work, and nobody
counts anything twice.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from missent.archive.item import ALONE, OF_A_FILE, Item
from missent.archive.scan.glance import Glance, Glancer
from missent.archive.scan.marks import Mark, Phase
from missent.archive.scan.opens import Opens
from missent.archive.scan.people import Who
from missent.archive.scan.plan import Piece, Plan, reader
from missent.archive.scan.state import State, connected, together
from missent.nouns.verdict import Marking, Skipped

BATCH = 2_000
"""Messages of one transaction."""

RANGES = 8
"""Tables over which copies and recipients are spread by the first bits of the mail's number: joining takes range by range."""

_ID = itemgetter(0)  # of Who
_PEOPLE_KEPT = 200_000

_RANGE = """
CREATE TABLE IF NOT EXISTS copy{0}(one INTEGER, same INTEGER, message_id INTEGER, at INTEGER, sender INTEGER, flags INTEGER,
  source INTEGER, begin INTEGER, place TEXT, octets INTEGER);
CREATE TABLE IF NOT EXISTS rcpt{0}(one INTEGER, person INTEGER);
"""
SCHEMA = (
    "".join(map(_RANGE.format, range(RANGES)))
    + """
CREATE TABLE IF NOT EXISTS ref(one INTEGER, ref INTEGER);
CREATE TABLE IF NOT EXISTS person(id INTEGER PRIMARY KEY, local TEXT, domain TEXT, own INTEGER);
CREATE TABLE IF NOT EXISTS name(person INTEGER, name TEXT, PRIMARY KEY(person, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS log_id(one INTEGER PRIMARY KEY, message_id TEXT);
CREATE TABLE IF NOT EXISTS held(one INTEGER, scheme TEXT, level TEXT);
CREATE TABLE IF NOT EXISTS skipped(source INTEGER, place TEXT, reason TEXT, lost INTEGER, octets INTEGER);
CREATE TABLE IF NOT EXISTS progress(piece INTEGER, next INTEGER, messages INTEGER, octets INTEGER);
"""
)
"""Tables of one shard. `held`: markings, where content is looked at. `lost`: messages that may be missing, at least;
`octets`: if they are not numbered.
"""

_COLUMNS = {"ref": 2, "person": 4, "name": 2, "held": 3, "skipped": 5}
_COLUMNS |= {f"{table}{number}": columns for table, columns in (("copy", 10), ("rcpt", 2)) for number in range(RANGES)}
_AT_ONCE = 50

OWN, PERSON, REPORT, NOTICE, LOGGED = 1, 2, 4, 8, 16
"""Flags of a copy: its author is ours, a person wrote it, it is a delivery report, it speaks of a wrong address, a log
tells of it.
"""


class Progress(NamedTuple):
    """How far a shard has come: messages and octets so far."""

    shard: int
    messages: int
    octets: int


class TakeShard(NamedTuple):
    """The first pass over one shard, as a piece of work that can be sent to another process.

    Attributes:
        own: canonical own domains.
        authserv_id, own_scheme: as in the settings.
        content: whether mail that leaves the organisation is opened too.
    """

    folder: Path
    shard: int
    own: frozenset[str]
    authserv_id: str = ""
    own_scheme: str = ""
    content: bool = False

    def run(self, show: Callable[[Progress], None]) -> None:
        """Do what is left of it. Raises OSError or sqlite3.Error if the state folder fails."""
        state = State(self.folder)
        with Mark(state.mark("shards", self.shard)) as mark, connected(state.shard(self.shard)) as db:
            db.executescript(SCHEMA)
            _Taking(self, db, mark).run(Plan(state).pieces(self.shard), show)


class _Taking:
    def __init__(self, task: TakeShard, db: sqlite3.Connection, mark: Mark) -> None:
        own, below = task.own, tuple("." + domain for domain in task.own)
        self._met: list[Who] = []
        self._glancer = Glancer(lambda domain: domain in own or domain.endswith(below), task.authserv_id, self._met.append)
        self._shard, self._db, self._mark = task.shard, db, mark
        self._opens = Opens(task.own_scheme, everything=not own) if task.content else None
        self._wary = mark.deaths > 0
        self._people: set[tuple[int, str]] = set()
        self._urgent = False
        self._rows: dict[str, list[tuple[object, ...]]] = {}
        row = db.execute("SELECT piece, next, messages, octets FROM progress").fetchone() or (0, None, 0, 0)
        self._piece: int = row[0]
        self._next: int | None = row[1]
        self._messages: int = row[2]
        self._octets: int = row[3]
        self._clear()

    def run(self, pieces: list[Piece], show: Callable[[Progress], None]) -> None:
        told = time.monotonic()
        for number in range(self._piece, len(pieces)):
            piece = pieces[number]
            start = piece.start if self._next is None else self._next
            for reached in self._take(number, piece, start):
                if self._waiting >= BATCH or self._urgent or time.monotonic() - told > 1:
                    self._save(number, reached)
                    show(Progress(self._shard, self._messages, self._octets))
                    told = time.monotonic()
            self._next = None
            if len(pieces) < 100 or self._urgent or self._waiting >= BATCH:
                self._save(number + 1, None)
        self._save(len(pieces), None)
        show(Progress(self._shard, self._messages, self._octets))

    def _take(self, number: int, piece: Piece, start: int) -> Iterator[int]:
        """Take what a piece holds; yields where reading goes on."""
        if self._mark.deadly(Phase.READING, number, start):
            self._miss(piece, start, "killed-its-reader")
            self._urgent = True
            return
        items = reader(piece.kind, piece.path).items(start)
        while True:
            self._mark.set(Phase.READING, number, start)
            found = _next(items, piece)
            if found is None or (piece.stop is not None and start >= piece.stop):
                break
            if isinstance(found, Skipped):
                self._skip(piece, found)
                continue
            self._mark.set(Phase.LOOKING, number, start)
            if self._wary and self._mark.deadly(Phase.LOOKING, number, start):
                self._skip(piece, Skipped(found.where, "killed-its-reader"), alone=True)
                self._urgent = True  # written down at once: what kills behind it must not lead back here
            else:
                self._add(piece, found, start)
            start = found.resume
            yield start
        self._mark.set(Phase.NOTHING, 0, 0)

    def _add(self, piece: Piece, item: Item, begin: int) -> None:
        try:
            glance, marking = self._look(item)
        except Exception as error:  # noqa: BLE001 - one archived message is an edge: the others are still read
            self._skip(piece, Skipped(item.where, f"failed-{type(error).__name__}"), alone=True)
            return
        one, same, message_id, at, sender, rcpts, refs, *_, lost = glance
        size, rows, flags = len(item.raw), self._rows, _flags(glance)
        place = item.where.removeprefix(str(piece.path))
        author = sender.id if sender else 0
        number = range_of(one)
        self._copies[number].append((one, same, message_id, at, author, flags, piece.source, begin, place, size))
        self._rcpts[number] += zip(repeat(one), map(_ID, rcpts))
        if refs and not flags & OWN:
            rows["ref"] += [(one, ref) for ref in refs]
        if marking:
            rows["held"].append((one, marking.scheme, marking.level))
        if lost:
            rows["skipped"].append((piece.source, place, lost, 1, size))
        if self._met:
            self._introduce()
        self._messages += 1
        self._waiting += 1
        self._octets += size

    def _look(self, item: Item) -> tuple[Glance, Marking | None]:
        """What the message tells, and its marking where content is looked at. Of a journal's report its envelope decides."""
        glance = self._glancer.look(item.raw)
        if item.envelope and item.envelope.rcpts:
            glance = self._glancer.addressed(glance, [rcpt.address for rcpt in item.envelope.rcpts])
        return glance, self._opens.marking(item.raw, glance) if self._opens else None

    def _introduce(self) -> None:
        """Write down who is new."""
        for who in self._met:
            if (who.id, who.name) in self._people:
                continue
            if len(self._people) >= _PEOPLE_KEPT:
                self._people.clear()
            self._people.add((who.id, who.name))
            self._rows["person"].append((who.id, _storable(who.local), _storable(who.domain), who.own))
            if who.name:
                self._rows["name"].append((who.id, _storable(who.name)))
        self._met.clear()

    def _skip(self, piece: Piece, skipped: Skipped, *, alone: bool = False) -> None:
        """Write down what was not read: one message, or all that stands behind it."""
        place = skipped.where.removeprefix(str(piece.path))
        alone = alone or skipped.reason in ALONE or (skipped.reason in OF_A_FILE and place.startswith("!"))
        octets = 0 if alone else _left(piece, place)
        self._rows["skipped"].append((piece.source, place, skipped.reason, 1, octets))

    def _miss(self, piece: Piece, start: int, reason: str) -> None:
        self._rows["skipped"].append((piece.source, f":{start}", reason, 1, _left(piece, f":{start}")))

    def _save(self, piece: int, reached: int | None) -> None:
        db = self._db
        with together(db):
            for table, columns in _COLUMNS.items():
                _insert(db, table, columns, self._rows[table])
            db.execute("DELETE FROM progress")
            db.execute("INSERT INTO progress VALUES (?, ?, ?, ?)", (piece, reached, self._messages, self._octets))
        self._urgent = False
        self._clear()

    def _clear(self) -> None:
        self._rows = {name: [] for name in _COLUMNS}
        self._copies = [self._rows[f"copy{number}"] for number in range(RANGES)]
        self._rcpts = [self._rows[f"rcpt{number}"] for number in range(RANGES)]
        self._waiting = 0


def range_of(one: int) -> int:
    """Which tables a mail's copies and recipients go to."""
    return (one >> 61) + 4


def _insert(db: sqlite3.Connection, table: str, columns: int, rows: list[tuple[object, ...]]) -> None:
    """Fifty rows a statement take less than half of what fifty statements take."""
    row, whole = f"({', '.join('?' * columns)})", len(rows) - len(rows) % _AT_ONCE
    start = f"INSERT OR IGNORE INTO {table} VALUES "  # noqa: S608 - names of our own
    fifties = ([*chain.from_iterable(rows[at : at + _AT_ONCE])] for at in range(0, whole, _AT_ONCE))
    db.executemany(start + ", ".join([row] * _AT_ONCE), fifties)
    db.executemany(start + row, rows[whole:])


def _flags(glance: Glance) -> int:
    own = OWN if glance.sender and glance.sender.own else 0
    return own | PERSON * glance.person | REPORT * glance.report | NOTICE * glance.notice


def _next(items: Iterator[Item | Skipped], piece: Piece) -> Item | Skipped | None:
    """The next message; a reader that fails ends its source, and says so."""
    try:
        return next(items, None)
    except Exception as error:  # noqa: BLE001 - readers of hostile files fail in ways nobody listed
        return Skipped(str(piece.path), f"failed-{type(error).__name__}")


def _left(piece: Piece, place: str) -> int:
    """Octets of a piece behind a place that could not be read; all of it where places are no octets."""
    digits = place.removeprefix(":")
    at = int(digits) if digits.isdecimal() and piece.kind == "mbox" else 0
    return max(0, (piece.stop or piece.size) - at)


def _storable(text: str) -> str:
    """Text as SQLite can keep it: undecoded octets are shown as such."""
    return text if text.isprintable() else text.encode("utf-8", "backslashreplace").decode("utf-8", "replace")
