"""The mails the second pass judges, written down in batches of one archive's neighbours."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from missent.archive.scan.fetching import enterable
from missent.archive.scan.listed import Listed
from missent.archive.scan.state import State, connected, together

BATCH = 100
"""Mails of one batch: few enough that all workers have some to the end."""

LONGEST = 5_000
"""Mails of one batch where a source must be read from its start for each."""

_SCHEMA = """
CREATE TABLE fact(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE candidate(batch INTEGER, mail INTEGER, source INTEGER, begin INTEGER, place TEXT);
CREATE INDEX candidate_batch ON candidate(batch);
"""
_WANTED = """
SELECT mail, source, begin, place FROM (SELECT copy.mail, source, begin, place, row_number() OVER
  (PARTITION BY copy.mail ORDER BY source < 0, source, begin) AS n FROM wanted JOIN copy ON copy.mail = wanted.mail) WHERE n = 1
ORDER BY source, begin
"""


class Chosen(NamedTuple):
    """What was chosen before: by which questions (a digest of them), and which domains were found to be established."""

    digest: str
    established: tuple[str, ...]


def chosen(state: State) -> Chosen | None:
    """What lies in the state folder; None if nothing was chosen yet."""
    if not state.candidates.is_file():
        return None
    with connected(state.candidates, read_only=True) as db:
        facts = dict(db.execute("SELECT name, value FROM fact").fetchall())
    return Chosen(facts["digest"], tuple(json.loads(facts["established"])))


def batches(state: State) -> int:
    """How many batches there are."""
    with connected(state.candidates, read_only=True) as db:
        return int(db.execute("SELECT coalesce(max(batch), -1) + 1 FROM candidate").fetchone()[0])


def write(state: State, db: sqlite3.Connection, told: Chosen) -> None:
    """Write down the mails of the temporary table `wanted` of the facts, one copy each; all of it or nothing."""
    fresh = state.candidates.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    paths = Listed(state)

    @lru_cache(4096)
    def whole(source: int) -> bool:
        try:
            return source in paths and not enterable(*paths[source])
        except OSError:  # it vanished since it was read: fetching says so
            return True

    with connected(fresh) as out:
        out.executescript(_SCHEMA)
        with together(out):
            out.executemany("INSERT INTO candidate VALUES (?, ?, ?, ?, ?)", _batches(db.execute(_WANTED), whole))
            facts = [("digest", told.digest), ("established", json.dumps(told.established))]
            out.executemany("INSERT INTO fact VALUES (?, ?)", facts)
        out.execute("PRAGMA journal_mode = DELETE")
    fresh.replace(state.candidates)


def _batches(
    rows: Iterable[tuple[int, int, int, str]], whole: Callable[[int], bool]
) -> Iterator[tuple[int, int, int, int, str]]:
    """Batches that take a `whole` source together: a packed mailbox is read from its start for each."""
    batch = size = before = 0
    for mail, source, begin, place in rows:
        if size >= BATCH and (source != before or not whole(source) or size >= LONGEST):
            batch, size = batch + 1, 0
        yield batch, mail, source, begin, place
        size, before = size + 1, source
