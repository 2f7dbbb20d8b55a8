"""The words of all mail that people wrote, as keyed hashes: read once more by all workers, for the recipient model.

One copy of each mail is read. The hashes lie in the state folder under the mail's number; there is no text to read in them.
"""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from missent.archive.scan import facts
from missent.archive.scan.examining import Deadly
from missent.archive.scan.fetching import Place, fetch
from missent.archive.scan.logged import NO_SOURCE
from missent.archive.scan.marks import Mark
from missent.archive.scan.plan import Plan
from missent.archive.scan.pool import Engine
from missent.archive.scan.state import State, attached, connected, together, whole
from missent.archive.scan.taking import Progress
from missent.judging import traits_of_message
from missent.message.reading import read
from missent.reading.texts import open_texts
from missent.recipients.model.traits import Hashing

BATCH = 2_000
"""Mails of one batch, which takes a source together where it can: a packed one is read from its start."""

LONGEST = 20_000

_PLACES = "CREATE TABLE place(batch INTEGER, mail INTEGER, source INTEGER, begin INTEGER, place TEXT);"
_WORDS = "CREATE TABLE word(mail INTEGER PRIMARY KEY, octets BLOB);"
_ONE_COPY = f"""
SELECT mail, source, begin, place FROM (SELECT copy.mail, source, begin, place,
    row_number() OVER (PARTITION BY copy.mail ORDER BY source, begin) AS n
  FROM copy JOIN mail ON mail.id = copy.mail WHERE mail.person AND mail.at >= 0 AND source != {NO_SOURCE}) WHERE n = 1
ORDER BY source, begin
"""  # noqa: S608 - our own number


def gather(state: State, key: bytes, engine: Engine, show: Callable[[Progress], None]) -> None:
    """Hash the words of all mail into the state folder's table `word(mail, octets)`. `key`: of the hashes."""
    if not state.words.is_file():
        batches = _cut(state)
        engine([WordsBatch(state.folder, batch, key) for batch in range(batches)], show)
        _join(state, batches)


@dataclass(frozen=True, slots=True)
class WordsBatch:
    """One batch, as a piece of work that can be sent to another process."""

    folder: Path
    batch: int
    key: bytes

    def run(self, show: Callable[[Progress], None]) -> None:
        """Read the batch; its hashes are there at once or not at all."""
        state = State(self.folder)
        done = _part(state, self.batch)
        if done.is_file():
            return
        with connected(_places(state), read_only=True) as db:
            rows = db.execute("SELECT mail, source, begin, place FROM place WHERE batch = ? ORDER BY rowid", (self.batch,))
            wanted = _wanted(state, rows)
        with whole(done) as fresh, connected(fresh, building=True) as out, Mark(state.mark("words", self.batch)) as mark:
            out.executescript(_WORDS)
            with together(out):
                deadly = Deadly(done.with_suffix(".deadly"), mark)
                out.executemany("INSERT INTO word VALUES (?, ?)", self._hashed(wanted, deadly))
        show(Progress(self.batch, len(wanted), 0))

    def _hashed(self, wanted: dict[Place, int], deadly: Deadly) -> Iterator[tuple[int, bytes]]:
        hashing = Hashing(self.key)
        for place, raw in fetch(wanted):
            mail = wanted[place]
            if not deadly.is_so(mail):
                message = read(raw)
                yield mail, traits_of_message(message, open_texts(raw, message), hashing)


def _wanted(state: State, rows: sqlite3.Cursor) -> dict[Place, int]:
    paths = {number: (path, kind) for number, path, kind, _ in Plan(state).listed()}
    return {Place(*paths[source], begin, behind): mail for mail, source, begin, behind in rows if source in paths}


def _cut(state: State) -> int:
    """Write down which mail is read in which batch, unless it is there; how many batches there are."""
    if not _places(state).is_file():
        with whole(_places(state)) as fresh, facts.opened(state) as known, connected(fresh, building=True) as db:
            db.executescript(_PLACES)
            with together(db):
                db.executemany("INSERT INTO place VALUES (?, ?, ?, ?, ?)", _batches(known.execute(_ONE_COPY)))
    with connected(_places(state), read_only=True) as db:
        return int(db.execute("SELECT coalesce(max(batch), -1) + 1 FROM place").fetchone()[0])


def _batches(rows: sqlite3.Cursor) -> Iterator[tuple[int, int, int, int, str]]:
    batch = size = before = 0
    for mail, source, begin, place in rows:
        if (size >= BATCH and source != before) or size >= LONGEST:
            batch, size = batch + 1, 0
        yield batch, mail, source, begin, place
        size, before = size + 1, source


def _join(state: State, batches: int) -> None:
    with whole(state.words) as fresh, connected(fresh, building=True) as db:
        db.executescript(_WORDS)
        for batch in range(batches):
            with attached(db, _part(state, batch), "part"), together(db):
                db.execute("INSERT OR REPLACE INTO word SELECT * FROM part.word")
    for batch in range(batches):
        _part(state, batch).unlink()


def _places(state: State) -> Path:
    return state.words.with_name("places.db")


def _part(state: State, batch: int) -> Path:
    return state.words.with_name(f"{batch}.db")
