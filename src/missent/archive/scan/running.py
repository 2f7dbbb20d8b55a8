"""One investigation from sources to answer: plan, first pass, join, what may matter, second pass.

Each step leaves its result in the state folder and is skipped when it is there, so a scan that was killed goes on, and a
second question about the same sources reads them no second time.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any

from missent.archive.scan import candidates, facts, plan
from missent.archive.scan.accusing import Asked, accuse
from missent.archive.scan.choosing import choose
from missent.archive.scan.examining import Bench, ExamineBatch, forget
from missent.archive.scan.exposure import Exposure, from_dict
from missent.archive.scan.joining import join
from missent.archive.scan.listed import Listed
from missent.archive.scan.logged import gather_logs, skipped_logs
from missent.archive.scan.pool import Engine, kept
from missent.archive.scan.state import State
from missent.archive.scan.summary import Summary, Unread
from missent.archive.scan.taking import Progress, TakeShard


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
        wrong: how wrong persons are looked for by the recipient model; None: they are not.
    """

    paths: tuple[Path, ...]
    bench: Bench
    authserv_id: str = ""
    content: bool = False
    year: int | None = None
    zone: tzinfo = UTC
    shard: int = plan.SHARD
    wrong: Asked | None = None


Show = Callable[[str, int, int, int], None]
"""Told how it goes: the step, messages or mails so far, octets so far, and octets in all (0: not counted in octets)."""


def scan(request: Request, state: State, engine: Engine, show: Show) -> Summary:
    """Run it, or what is left of it. Raises StoreError, OSError, sqlite3.Error if the state folder fails."""
    started = time.monotonic()
    with kept(engine) as workers:
        _first_pass(request, state, workers, show)
        show("joining", 0, 0, 0)
        gather_logs(state, request.bench.own, (request.year, request.zone), workers)
        join(state, workers)
        bench = _accused(request, state, workers, show)
        show("choosing", 0, 0, 0)
        bench = choose(bench, state, workers)
        _second_pass(bench, state, workers, show)
        forget()
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
    paths = Listed(state)
    with facts.opened(state) as db:
        told.messages, told.copies = db.execute("SELECT count(*), coalesce(sum(copies), 0) FROM mail").fetchone()
        mean = db.execute("SELECT avg(octets) FROM copy").fetchone()[0] or 0
        for source, place, reason, lost, octets in db.execute("SELECT * FROM skipped ORDER BY source, place"):
            missing = max(lost, round(octets / mean) if mean else lost)
            told.miss(Unread(str(paths[source][0]), place, reason, missing))
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


def _accused(request: Request, state: State, engine: Engine, show: Show) -> Bench:
    """The bench, which knows that the recipient model was asked, if it was; certain recipients asked about need no accuser."""
    if request.wrong is None or request.bench.questions.select:
        return request.bench
    told = _sums(lambda mails, _: show("weighing", mails, 0, 0))
    return replace(request.bench, accused=accuse(request.wrong, state, engine, told))


def _sums(show: Callable[[int, int], None]) -> Callable[[Progress], None]:
    reached: dict[int, Progress] = {}

    def told(progress: Progress) -> None:
        reached[progress.shard] = progress
        show(sum(p.messages for p in reached.values()), sum(p.octets for p in reached.values()))

    return told


def _second_pass(bench: Bench, state: State, engine: Engine, show: Show) -> None:
    batches = candidates.batches(state)
    engine(
        [ExamineBatch(state.folder, batch, bench) for batch in range(batches)],
        _sums(lambda mails, _: show("judging", mails, 0, 0)),
    )


def _lines(state: State) -> Iterator[dict[str, Any]]:
    files = sorted((state.folder / "found").glob("*.jsonl"), key=lambda path: int(path.stem))
    for path in files:
        with path.open() as file:
            yield from map(json.loads, file)
