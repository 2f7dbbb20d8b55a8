"""One investigation from sources to answer: plan, first pass, join, what may matter, second pass.

Each step leaves its result in the state folder and is skipped when it is there, so a scan that was killed goes on, and a
second question about the same sources reads them no second time.
"""

import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from hashlib import sha256
from pathlib import Path
from typing import Any

from missent.archive.scan import plan, suspects
from missent.archive.scan.examining import Bench, ExamineBatch
from missent.archive.scan.exposure import Exposure, from_dict
from missent.archive.scan.hindsight import Hindsight
from missent.archive.scan.joining import join
from missent.archive.scan.logged import gather_logs, skipped_logs
from missent.archive.scan.markings import Floor
from missent.archive.scan.pool import Engine
from missent.archive.scan.state import State, connected, together
from missent.archive.scan.summary import Summary, Unread
from missent.archive.scan.taking import Progress, TakeShard
from missent.nouns.verdict import Marking

BATCH = 500
"""Mails of one batch of the second pass."""

_LONGEST_BATCH = 5_000

_CANDIDATES = """
CREATE TABLE fact(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE candidate(batch INTEGER, mail INTEGER, source INTEGER, begin INTEGER, place TEXT);
CREATE INDEX candidate_batch ON candidate(batch);
"""
_WANTED = """
SELECT mail, source, begin, place FROM (SELECT copy.mail, source, begin, place, row_number() OVER
  (PARTITION BY copy.mail ORDER BY source < 0, source, begin) AS n FROM wanted JOIN copy ON copy.mail = wanted.mail) WHERE n = 1
ORDER BY source, begin
"""

_BY_PAIR = """INSERT OR IGNORE INTO wanted SELECT mail FROM rcpt JOIN mail ON mail.id = rcpt.mail
WHERE rcpt.person = ? AND sender = ?"""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be scanned, and how.

    Attributes:
        paths: files and folders.
        bench: what it is judged with; `established` are domains known from the organisation's own history.
        authserv_id: as in the settings.
        content: whether all mail that leaves the organisation is opened, or only what looks wrong.
        year: of the first line of logs without years; None to tell it from the file.
        zone: of times in logs that name none.
        shard: octets of a shard, about.
    """

    paths: tuple[Path, ...]
    bench: Bench
    authserv_id: str = ""
    content: bool = False
    year: int | None = None
    zone: tzinfo = UTC
    shard: int = plan.SHARD


Show = Callable[[str, int, int, int], None]
"""Told how it goes: the step, messages or mails so far, octets so far, and octets in all (0: not counted in octets)."""


def scan(request: Request, state: State, engine: Engine, show: Show) -> Summary:
    """Run it, or what is left of it. Raises StoreError, OSError, sqlite3.Error if the state folder fails."""
    started = time.monotonic()
    _first_pass(request, state, engine, show)
    show("joining", 0, 0, 0)
    gather_logs(state, plan.Plan(state), request.bench.own, (request.year, request.zone))
    join(state)
    bench = _select(request, state)
    _second_pass(bench, state, engine, show)
    return summary(state, time.monotonic() - started)


def exposures(state: State) -> Iterator[Exposure]:
    """All of a finished scan, in a fixed order."""
    for line in _lines(state):
        if "schema" in line:
            yield from_dict(line)


def summary(state: State, elapsed: float) -> Summary:
    """The answer of a finished scan."""
    told = Summary(elapsed_s=round(elapsed, 3))
    for line in _lines(state):
        if "schema" in line:
            told.add(from_dict(line))
        else:
            told.doubtful += line["doubtful"]
    paths = {number: path for number, path, _, _ in plan.Plan(state).listed()}
    with connected(state.facts, read_only=True) as db:
        told.messages, told.copies = db.execute("SELECT count(*), coalesce(sum(copies), 0) FROM mail").fetchone()
        mean = db.execute("SELECT avg(octets) FROM copy").fetchone()[0] or 0
        for source, place, reason, lost, octets in db.execute("SELECT * FROM skipped ORDER BY source, place"):
            missing = max(lost, round(octets / mean) if mean else lost)
            told.miss(Unread(str(paths[source]), place, reason, missing))
    for where, reason, missing in skipped_logs(state):
        told.miss(Unread(where, "", reason, missing))
    told.sources = len(paths)
    return told


def _first_pass(request: Request, state: State, engine: Engine, show: Show) -> None:
    bench = request.bench
    about = json.dumps(
        [sorted(bench.own), request.authserv_id, request.content, bench.own_scheme, request.year, str(request.zone)]
    )
    plan.make(state, request.paths, about, request.shard)
    if state.facts.is_file():
        return
    made = plan.Plan(state)
    total = made.octets()
    tasks = [
        TakeShard(state.folder, shard, bench.own, request.authserv_id, bench.own_scheme, request.content)
        for shard in range(made.shards())
    ]
    engine(tasks, _sums(lambda messages, octets: show("reading", messages, octets, total)))


def _sums(show: Callable[[int, int], None]) -> Callable[[Progress], None]:
    reached: dict[int, Progress] = {}

    def told(progress: Progress) -> None:
        reached[progress.shard] = progress
        show(sum(p.messages for p in reached.values()), sum(p.octets for p in reached.values()))

    return told


def _select(request: Request, state: State) -> Bench:
    """Find what may matter and write it down in batches; the bench knows then which domains of the archive are established."""
    with connected(state.facts) as db:
        names = request.bench.names()
        hindsight = Hindsight(db, names, frozenset(request.bench.established))
        resembling = suspects.names_of(db, names, hindsight)
        bench = replace(request.bench, established=tuple(sorted({*request.bench.established, *hindsight.known_established()})))
        digest = sha256(repr(bench).encode()).hexdigest()
        if _chosen(state) == digest:
            return bench
        for old in [state.candidates, *(state.folder / "found").iterdir()]:
            old.unlink(missing_ok=True)
        db.execute("CREATE TEMP TABLE wanted(mail INTEGER PRIMARY KEY)")
        for person in suspects.people(db, resembling, bench.register, bench.questions):
            db.execute("INSERT OR IGNORE INTO wanted SELECT mail FROM rcpt WHERE person = ?", (person,))
        if bench.questions.marking or not bench.questions.select:
            db.executemany(
                "INSERT OR IGNORE INTO wanted SELECT mail FROM held WHERE scheme = ? AND level = ?", _marked(db, bench)
            )
        if not bench.questions.select:
            for sender, person in suspects.wrong_persons(db, hindsight):
                db.execute(
                    _BY_PAIR,
                    (person, sender),
                )
        _write(state, db.execute(_WANTED), digest)
    return bench


def _marked(db: sqlite3.Connection, bench: Bench) -> list[tuple[str, str]]:
    """Markings found in the first pass that are as high as asked about."""
    floor = Floor(bench.questions.marking, bench.own_scheme)
    found = db.execute("SELECT DISTINCT scheme, level FROM held").fetchall()
    return [(scheme, level) for scheme, level in found if floor.reached(Marking(scheme, level, (), "", ""))]


def _chosen(state: State) -> str:
    if not state.candidates.is_file():
        return ""
    with connected(state.candidates, read_only=True) as db:
        return str(db.execute("SELECT value FROM fact").fetchone()[0])


def _write(state: State, rows: Iterable[tuple[int, int, int, str]], digest: str) -> None:
    fresh = state.candidates.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with connected(fresh) as db:
        db.executescript(_CANDIDATES)
        with together(db):
            db.executemany("INSERT INTO candidate VALUES (?, ?, ?, ?, ?)", _batches(rows))
            db.execute("INSERT INTO fact VALUES ('digest', ?)", (digest,))
        db.execute("PRAGMA journal_mode = DELETE")
    fresh.replace(state.candidates)


def _batches(rows: Iterable[tuple[int, int, int, str]]) -> Iterator[tuple[int, int, int, int, str]]:
    """Batches of whole sources where these are small: a packed mailbox is read from its start each time."""
    batch = size = before = 0
    for mail, source, begin, place in rows:
        if (size >= BATCH and source != before) or size >= _LONGEST_BATCH:
            batch, size = batch + 1, 0
        yield batch, mail, source, begin, place
        size, before = size + 1, source


def _second_pass(bench: Bench, state: State, engine: Engine, show: Show) -> None:
    with connected(state.candidates, read_only=True) as db:
        batches = db.execute("SELECT coalesce(max(batch), -1) + 1 FROM candidate").fetchone()[0]
    engine(
        [ExamineBatch(state.folder, batch, bench) for batch in range(batches)],
        _sums(lambda mails, _: show("judging", mails, 0, 0)),
    )


def _lines(state: State) -> Iterator[dict[str, Any]]:
    files = sorted((state.folder / "found").glob("*.jsonl"), key=lambda path: int(path.stem))
    for path in files:
        with path.open() as file:
            yield from map(json.loads, file)
