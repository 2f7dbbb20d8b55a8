"""The same investigation on one process, on several, and on a Dask cluster: the same answer, and how long on quiet cores.

The clock on a wall says little on a machine that is shared. So each worker's processor time is taken, and `path` is the
longest way through the scan: for each step the busiest worker's, and what this process does alone. Leaving out waits for
disk and memory, that is what a wall clock would say with a core for each worker. `alone` is what no second worker helps with.
"""

import json
import os
import re
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from missent.archive.item import Item
from missent.archive.readers import open_source
from missent.archive.scan import plan, running
from missent.archive.scan.cluster import Cluster
from missent.archive.scan.examining import Bench
from missent.archive.scan.exposure import as_dict
from missent.archive.scan.pool import Engine, Pool, Task, here, kept
from missent.archive.scan.state import State
from missent.archive.scan.taking import Progress
from missent.policy.reading import default_policy

Rows = list[dict[str, object]]
_MONTHS = b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_DATE = re.compile(rb"\nDate: \w{3}, +(\d\d?) (\w{3}) (\d{4}) ")


def repeated(box: Path, large: Path, count: int) -> Path:
    """So many messages: those of `box` again and again, each time with other ids, senders and days."""
    raws = [item.raw for item in open_source(box) if isinstance(item, Item)]
    with large.open("wb") as file:
        for n in range(count):
            raw, again = raws[n % len(raws)], n // len(raws)
            raw = _again(raw, again) if again else raw
            file.write(b"From x Mon Jul  3 09:00:00 2023\n" + raw.replace(b"\nFrom ", b"\n>From ") + b"\n")
    return large


def _again(raw: bytes, again: int) -> bytes:
    mark = b"%d" % again
    raw = raw.replace(b"Message-ID: <", b"Message-ID: <" + mark + b".").replace(b"From: ", b"From: r" + mark, 1)
    found = _DATE.search(raw)
    if found is None:
        return raw
    day = b"%d %s %d" % (int(found[1]) * again % 28 + 1, _MONTHS[again % 12], 1999 + again % 25)
    return raw[: found.start(1)] + day + raw[found.end(3) :]


class Timed(NamedTuple):
    """A task that writes down, for the process that did it, processor time before and after, and the most memory so far."""

    task: Task
    notes: Path

    def run(self, show: Callable[[Progress], None]) -> None:
        """Do the task."""
        before = time.process_time()
        self.task.run(show)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        with (self.notes / str(os.getpid())).open("a") as file:
            file.write(json.dumps([type(self.task).__name__, before, time.process_time(), peak]) + "\n")


@dataclass(slots=True)
class Watched:
    """An engine whose tasks are timed, start-up included: the busiest worker's time of each call, and that of all by step."""

    engine: Engine
    notes: Path
    path: float = 0.0
    peak: int = 0
    starting: float = 0.0
    steps: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _told: dict[str, int] = field(default_factory=dict)

    def __call__(self, tasks: Iterable[Task], show: Callable[[Progress], None]) -> None:
        """Run them."""
        self.engine([Timed(task, self.notes) for task in tasks], show)
        self.path += max(map(self._busy, self.notes.iterdir()), default=0.0)

    def _busy(self, file: Path) -> float:
        """What one process did since the last call."""
        told = [json.loads(line) for line in file.read_text().splitlines()]
        known = self._told.get(file.name, 0)
        self._told[file.name] = len(told)
        busy = float(told[0][1]) if not known and file.name != str(os.getpid()) else 0.0
        self.starting += busy
        for step, before, after, peak in told[known:]:
            self.steps[step] += after - before
            self.peak = max(self.peak, peak)
            busy += after - before
        return busy


def engines(box: Path, repeat: int, own: frozenset[str], folder: Path) -> Rows:
    """A row for each engine, and how far their answers differ."""
    large = repeated(box, folder / "large.mbox", repeat)
    shard = min(plan.SHARD, max(1 << 20, large.stat().st_size // 32))  # several for each worker, as of a large archive
    ways: dict[str, Engine] = {
        "here, one process": here,
        "local, 2 processes": Pool(2),
        "dask, 1 worker": Cluster(workers=1),
        "dask, 2 workers": Cluster(workers=2),
    }
    rows, answers = [], set()
    for name, engine in ways.items():
        row, answer = _row(large, Request(own, shard, folder), engine)
        rows.append({"engine": name} | row)
        answers.add(answer)
    rows.append({"engine": f"answers that differ: {len(answers) - 1}"})
    return rows


class Request(NamedTuple):
    """What is the same for all engines."""

    own: frozenset[str]
    shard: int
    folder: Path


def _row(large: Path, asked: Request, engine: Engine) -> tuple[dict[str, object], str]:
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        state, notes = State(Path(name) / "state"), Path(name) / "notes"
        notes.mkdir()
        request = running.Request((large,), Bench(asked.own, default_policy()), shard=asked.shard)
        started, mine = time.perf_counter(), time.process_time()
        watched = Watched(engine, notes)
        with kept(engine):
            told = running.scan(request, state, watched, lambda *_: None)
        wall, mine = time.perf_counter() - started, time.process_time() - mine
        answer = json.dumps([as_dict(e) for e in running.exposures(state)])
    spent = watched.starting + sum(watched.steps.values())
    alone = mine - spent if engine is here else mine
    path = alone + watched.path
    row: dict[str, object] = {"messages": told.copies, "wall s": round(wall, 1), "cpu s": round(alone + spent, 1)}
    row |= {"path s": round(path, 1), "messages/s": round(told.copies / path), "alone s": round(alone, 2)}
    row |= {"peak MB": watched.peak, "exposures": told.exposures, "start": round(watched.starting, 1)}
    return row | {name: round(seconds, 1) for name, seconds in watched.steps.items()}, answer
