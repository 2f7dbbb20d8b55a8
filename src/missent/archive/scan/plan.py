"""Sources cut into shards of about equal work: the same plan for every engine and any number of workers.

A shard is some files, or a range of octets of one large mailbox that begins and ends where messages do. The plan is
written to the state folder, so that a scan that was killed goes on with it, and is made anew when a source has changed.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from missent.archive.eml import read_eml
from missent.archive.mbox import next_message, read_mbox
from missent.archive.objects import known, opened
from missent.archive.packings import packing_of
from missent.archive.readers import CONTAINERS, Source, source_of, sources
from missent.archive.scan.state import FOLDERS, FORM, State, connected, together

SHARD = 64 << 20
"""Octets of one shard, about."""

FILES = 2_000
"""Files of one shard at most."""

_SCHEMA = """
CREATE TABLE fact(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE source(id INTEGER PRIMARY KEY, path TEXT, kind TEXT, size INTEGER, changed INTEGER);
CREATE TABLE piece(shard INTEGER, seq INTEGER, source INTEGER, start INTEGER, stop INTEGER, PRIMARY KEY(shard, seq))
  WITHOUT ROWID;
"""


class Piece(NamedTuple):
    """A source of `size` octets, or a range of octets of one: from `start` to before `stop` (None: to its end)."""

    source: int
    path: Path
    kind: str
    start: int
    stop: int | None
    size: int


class Plan:
    """The plan of one scan, read from its state folder."""

    def __init__(self, state: State) -> None:
        self._path = state.plan

    def shards(self) -> int:
        """How many there are."""
        return self._one("SELECT coalesce(max(shard), -1) + 1 FROM piece")

    def octets(self) -> int:
        """Of all sources."""
        return self._one("SELECT coalesce(sum(size), 0) FROM source")

    def sources(self) -> int:
        """How many there are."""
        return self._one("SELECT count(*) FROM source")

    def pieces(self, shard: int) -> list[Piece]:
        """Of one shard, in order."""
        with connected(self._path, read_only=True) as db:
            rows = db.execute(
                "SELECT p.source, s.path, s.kind, p.start, p.stop, s.size FROM piece p JOIN source s ON s.id = p.source"
                " WHERE p.shard = ? ORDER BY p.seq",
                (shard,),
            )
            return [Piece(source, Path(path), *rest) for source, path, *rest in rows]

    def listed(self) -> Iterator[tuple[int, Path, str, int]]:
        """Every source: number, path, kind, octets."""
        with connected(self._path, read_only=True) as db:
            for source, path, kind, size in db.execute("SELECT id, path, kind, size FROM source ORDER BY id"):
                yield source, Path(path), kind, size

    def logs(self) -> Iterator[tuple[int, Path]]:
        """Number and path of sources that are logs, or may hold some."""
        for number, path, kind, _ in self.listed():
            if kind in CONTAINERS or kind.endswith("-log"):
                yield number, path

    def _one(self, query: str) -> int:
        with connected(self._path, read_only=True) as db:
            return int(db.execute(query).fetchone()[0])


def make(state: State, paths: Iterable[Path], about: str, size: int = SHARD) -> bool:
    """Plan a scan, or keep the plan that is there; returns whether it was kept.

    `about` is what else the first pass depends on (own domains, …): with another, or changed sources, all begins anew.
    """
    state.make()
    fresh = state.plan.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with connected(fresh) as db:
        db.executescript(_SCHEMA)
        with together(db):
            digest = _write(db, (source for path in paths for source in sources(path)), size, about)
            db.execute("INSERT INTO fact VALUES ('digest', ?)", (digest,))
        db.execute("PRAGMA journal_mode = DELETE")
    if digest == digest_of(state):
        fresh.unlink()
        return True
    of_steps = [path for name in FOLDERS for path in (state.folder / name).iterdir()]
    for old in [state.ledger, state.candidates, state.folder / "logs-skipped.jsonl", *of_steps]:
        old.unlink(missing_ok=True)
    fresh.replace(state.plan)
    return False


def digest_of(state: State) -> str:
    """What sources and settings the folder's plan was made of; "" if there is none that is whole."""
    if not state.plan.is_file():
        return ""
    try:
        with connected(state.plan, read_only=True) as db:
            row = db.execute("SELECT value FROM fact WHERE name = 'digest'").fetchone()
            return str(row[0]) if row else ""
    except sqlite3.Error:
        return ""


def reader(kind: str, path: Path) -> Source:
    """The source of a planned path, read as it was sniffed then."""
    if kind == "mbox":
        return Source(path, kind, read_mbox)
    return Source(path, kind, read_eml) if kind == "eml" else source_of(path)


def _write(db: sqlite3.Connection, found: Iterable[Source], size: int, about: str) -> str:
    digest = sha256(json.dumps([FORM, about, size]).encode())
    cutter = _Cutter(db, size)
    for number, source in enumerate(found):
        octets, changed = _stat(source)
        row = (number, str(source.path.absolute()), source.kind, octets, changed)
        digest.update(json.dumps(row).encode())
        db.execute("INSERT INTO source VALUES (?, ?, ?, ?, ?)", row)
        if not source.is_log:
            cutter.add(number, source, octets)
    return digest.hexdigest()


def _stat(source: Source) -> tuple[int, int]:
    """Octets, and a number that changes with the content; 0 of what cannot be asked."""
    try:
        return (source.known or known(source.path))[:2]
    except OSError:
        return 0, 0


class _Cutter:
    """Fills shards one after another."""

    def __init__(self, db: sqlite3.Connection, size: int) -> None:
        self._db = db
        self._size = size
        self._shard = self._seq = self._octets = 0

    def add(self, number: int, source: Source, octets: int) -> None:
        start = 0
        if source.kind == "mbox" and octets > 2 * self._size:
            while (stop := _cut(source.path, start + self._size, octets)) is not None:
                self._piece(number, start, stop, stop - start)
                start = stop
        self._piece(number, start, None, octets - start)

    def _piece(self, number: int, start: int, stop: int | None, octets: int) -> None:
        if self._seq and (self._octets + octets > self._size or self._seq >= FILES):
            self._shard, self._seq, self._octets = self._shard + 1, 0, 0
        self._db.execute("INSERT INTO piece VALUES (?, ?, ?, ?, ?)", (self._shard, self._seq, number, start, stop))
        self._seq += 1
        self._octets += octets


def is_packed(path: Path) -> bool:
    """Whether a file can only be read from its beginning. Raises OSError."""
    with opened(path) as file:
        return packing_of(file.read(8)) is not None


def _cut(path: Path, offset: int, size: int) -> int | None:
    """Where a range may end; None where the file does, or cannot be read."""
    try:
        found = next_message(path, offset) if offset < size and not is_packed(path) else size
    except OSError:
        return None
    return found if found < size else None
