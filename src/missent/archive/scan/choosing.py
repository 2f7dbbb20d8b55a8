"""Choosing what the second pass judges, by all workers: names, standings and likenesses in parts that need no other part.

Each part writes what it found to the state folder and is skipped when that is there. What a part finds depends on the facts
alone, so any number of workers on any engine chooses the same.
"""

import json
import re
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from missent.archive.scan import candidates, facts, suspects
from missent.archive.scan.accused import accused
from missent.archive.scan.examining import Bench
from missent.archive.scan.hindsight import Hindsight
from missent.archive.scan.markings import Floor
from missent.archive.scan.pool import Engine
from missent.archive.scan.state import State, connected, together
from missent.archive.scan.taking import Progress
from missent.nouns.verdict import Marking
from missent.recipients.names import Names
from missent.recipients.standing import Kind

DOMAINS = 1_000
"""Domains of one part."""

PAIRS = 5_000
"""Pairs of a sender and a recipient of one part, about."""

_SCHEMA = """
CREATE TABLE fact(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE conversed(domain TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE outside(part INTEGER, domain TEXT, PRIMARY KEY(part, domain)) WITHOUT ROWID;
CREATE TABLE involved(part INTEGER, domain TEXT, PRIMARY KEY(part, domain)) WITHOUT ROWID;
CREATE TABLE sender(part INTEGER, id INTEGER, PRIMARY KEY(part, id)) WITHOUT ROWID;
"""
_BY_PAIR = """INSERT OR IGNORE INTO wanted SELECT mail FROM rcpt JOIN mail ON mail.id = rcpt.mail
WHERE rcpt.person = ? AND sender = ?"""
_BY_MARKING = "INSERT OR IGNORE INTO wanted SELECT mail FROM held WHERE scheme = ? AND level = ?"


def choose(bench: Bench, state: State, engine: Engine) -> Bench:
    """Find what may matter and write it down in batches; the bench knows then which domains of the archive are established."""
    digest = _digest(bench)
    before = candidates.chosen(state)
    if before and before.digest == digest:
        return replace(bench, established=before.established)
    state.candidates.unlink(missing_ok=True)
    for old in (state.folder / "found").iterdir():
        old.unlink()
    _cut(state, bench, digest)
    with facts.opened(state) as db:
        established = _established(bench, state, engine)
        known = replace(bench, established=tuple(sorted({*bench.established, *established})))
        engine([ChoosePart(state.folder, "resembling", part, known) for part in _parts(state, "outside")], _silent)
        db.execute("CREATE TEMP TABLE wanted(mail INTEGER PRIMARY KEY)")
        _want(db, state, known)
        candidates.write(state, db, candidates.Chosen(digest, known.established))
    return known


def _established(bench: Bench, state: State, engine: Engine) -> list[str]:
    """Domains that are established and resembled by others; on the way, wrong persons, who need no standings."""
    parts = [ChoosePart(state.folder, "involved", part, bench) for part in _parts(state, "outside")]
    if not bench.questions.select:
        parts += [ChoosePart(state.folder, "wrong", part, bench) for part in _parts(state, "sender")]
    engine(parts, _silent)
    with connected(state.parts) as slices, together(slices):
        involved = sorted(set(_told(state, "involved")))
        slices.executemany(
            "INSERT OR IGNORE INTO involved VALUES (?, ?)", ((n // 50, domain) for n, domain in enumerate(involved))
        )
    engine([ChoosePart(state.folder, "established", part, bench) for part in _parts(state, "involved")], _silent)
    return list(_told(state, "established"))


def _want(db: sqlite3.Connection, state: State, bench: Bench) -> None:
    """Fill the table of wanted mails from what the parts told."""
    questions = bench.questions
    if questions.select:
        people: Iterable[int] = suspects.selected(db, questions)
    else:
        people = suspects.people_at(db, _told(state, "resembling"))
    db.executemany("INSERT OR IGNORE INTO wanted SELECT mail FROM rcpt WHERE person = ?", ((person,) for person in people))
    if questions.marking or not questions.select:
        db.executemany(_BY_MARKING, _marked(db, bench))
    if bench.accused:
        db.executemany("INSERT OR IGNORE INTO wanted VALUES (?)", ((one.mail,) for one in accused(state)))
    if not questions.select:
        db.executemany(_BY_PAIR, ((person, sender) for sender, person in _told(state, "wrong")))


def _marked(db: sqlite3.Connection, bench: Bench) -> list[tuple[str, str]]:
    """Markings found in the first pass that are as high as asked about."""
    floor = Floor(bench.questions.marking, bench.own_scheme)
    found = db.execute("SELECT DISTINCT scheme, level FROM held").fetchall()
    return [(scheme, level) for scheme, level in found if floor.reached(Marking(scheme, level, (), "", ""))]


def _digest(bench: Bench) -> str:
    """Of all that choosing and judging depend on; the same in every process, whatever order its sets have."""
    return sha256(repr(_ordered(bench)).encode()).hexdigest()


def _ordered(value: object) -> object:
    if isinstance(value, frozenset | set):
        return sorted(map(_ordered, value), key=repr)
    if isinstance(value, re.Pattern):
        return value.pattern, value.flags
    if isinstance(value, Mapping):
        return sorted(((key, _ordered(one)) for key, one in value.items()), key=repr)
    if is_dataclass(value):
        return [_ordered(getattr(value, one.name)) for one in fields(value)]
    return [*map(_ordered, value)] if isinstance(value, tuple | list) else value


def _cut(state: State, bench: Bench, digest: str) -> None:
    """Write down the parts, unless they are there for the same questions."""
    folder = state.parts.parent
    if state.parts.is_file():
        with connected(state.parts, read_only=True) as db:
            if db.execute("SELECT value FROM fact").fetchone() == (digest,):
                return
    for old in folder.iterdir():
        old.unlink()
    fresh = state.parts.with_suffix(".new")
    with facts.opened(state) as joined, connected(fresh) as db:
        db.executescript(_SCHEMA)
        with together(db):
            db.executemany("INSERT INTO conversed VALUES (?)", suspects.conversed(joined))
            outside = enumerate(suspects.outside(joined))
            db.executemany("INSERT INTO outside VALUES (?, ?)", ((n // DOMAINS, domain) for n, domain in outside))
            if not bench.questions.select:
                db.executemany("INSERT INTO sender VALUES (?, ?)", _by_work(suspects.senders(joined)))
            db.execute("INSERT INTO fact VALUES ('digest', ?)", (digest,))
        db.execute("PRAGMA journal_mode = DELETE")
    fresh.replace(state.parts)


def _by_work(senders: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Senders with how many they wrote to, cut into parts of about equal work."""
    pairs = 0
    for sender, count in senders:
        yield pairs // PAIRS, sender
        pairs += count


def _parts(state: State, table: str) -> range:
    with connected(state.parts, read_only=True) as db:
        return range(db.execute(f"SELECT coalesce(max(part), -1) + 1 FROM {table}").fetchone()[0])  # noqa: S608 - our own


def _told(state: State, step: str) -> Iterator[Any]:
    files = state.parts.parent.glob(f"{step}-*.json")
    for path in sorted(files, key=lambda path: int(path.stem.rpartition("-")[2])):
        yield from json.loads(path.read_text())


def _silent(_: Progress) -> None:
    return None


@dataclass(frozen=True, slots=True)
class ChoosePart:
    """One part of a step, as a piece of work that can be sent to another process."""

    folder: Path
    step: str
    part: int
    bench: Bench

    def run(self, show: Callable[[Progress], None]) -> None:
        """Do it; what is found is there at once or not at all."""
        state = State(self.folder)
        done = state.parts.with_name(f"{self.step}-{self.part}.json")
        if not done.is_file():
            fresh = done.with_suffix(".new")
            with facts.opened(state) as db:
                fresh.write_text(json.dumps(list(_STEPS[self.step](self, db))))
            fresh.replace(done)
        show(Progress(self.part, 0, 0))

    def rows(self, table: str, column: str = "domain") -> list[Any]:
        """What stands in this part of a table."""
        with connected(State(self.folder).parts, read_only=True) as db:
            found = db.execute(f"SELECT {column} FROM {table} WHERE part = ? ORDER BY 1", (self.part,))  # noqa: S608 - our own
            return [value for (value,) in found]


def _involved(part: ChoosePart, _: sqlite3.Connection) -> Iterator[str]:
    names = _with_conversed(part)
    like = (one for domain in part.rows("outside") for one in names.resembling(domain))
    yield from sorted({one.known for one in like if one.kind is Kind.ESTABLISHED})


def _standing(part: ChoosePart, db: sqlite3.Connection) -> Iterator[str]:
    hindsight = Hindsight(db, part.bench.names(), frozenset(part.bench.established))
    yield from filter(hindsight.is_established, part.rows("involved"))


def _resembling(part: ChoosePart, _: sqlite3.Connection) -> Iterator[str]:
    names, register = part.bench.names(), part.bench.register
    for domain in part.rows("outside"):
        if names.resembling(domain) or register.restriction(domain):
            yield domain


def _wrong(part: ChoosePart, db: sqlite3.Connection) -> Iterator[tuple[int, int]]:
    hindsight = Hindsight(db, part.bench.names(), frozenset(part.bench.established))
    for sender in part.rows("sender", "id"):
        yield from suspects.wrong_persons(db, hindsight, sender)


_STEPS: dict[str, Callable[[ChoosePart, sqlite3.Connection], Iterator[Any]]] = {
    "involved": _involved,
    "established": _standing,
    "resembling": _resembling,
    "wrong": _wrong,
}


class _Filed(threading.local):
    """The names this thread filed last."""

    def __init__(self) -> None:
        self.names: dict[tuple[Path, str], Names] = {}


_filed = _Filed()


def _with_conversed(part: ChoosePart) -> Names:
    """The bench's names and all domains conversed with; filed once in a thread, for there may be many."""
    key = part.folder, _digest(part.bench)
    filed = _filed.names
    if key not in filed:
        filed.clear()
        names = filed[key] = part.bench.names()
        with connected(State(part.folder).parts, read_only=True) as db:
            for (domain,) in db.execute("SELECT domain FROM conversed"):
                names.add(domain, Kind.ESTABLISHED)
    return filed[key]
