"""How fast past mail and logs are read: `python -m bench.sources PATH… [--format plain|json] [--octets N]`.

PATH is anything `missent scan` takes. For each kind: octets after unpacking, messages or lines, what was not read, and
megabytes a second of processor time on one core, ours with all a reader does (separators, quoting undone, where each message
stands; for logs handovers with their message's identity). Beside it, over the same octets: Python's `mailbox` handing out raw
messages, the lines of a log split and parted by `str.partition` and nothing more, and as the limit `grep -c` (by the wall:
a child's processor time is counted too coarsely). Files of a kind are read until `--octets` are reached.
"""

import argparse
import json
import mailbox
import resource
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from missent.archive.item import Item
from missent.archive.logs.handover import Handover
from missent.archive.logs.lines import blocks
from missent.archive.logs.reading import LogFile
from missent.archive.readers import CONTAINERS, Inner, Source, inside, sources
from missent.archive.streams import Stream
from missent.nouns.verdict import Skipped


@dataclass
class Kind:
    """What was measured of one kind of source."""

    octets: int = 0
    found: int = 0
    used: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)

    def row(self, kind: str) -> dict[str, object]:
        """The table's row."""
        rates = {name: round(self.octets / max(spent, 1e-9) / 1e6) for name, spent in self.seconds.items()}
        row = {"kind": kind, "mb": round(self.octets / 1e6, 1), "found": self.found, "used": self.used}
        return row | rates | {"not_read": dict(self.skipped)}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--octets", type=int, default=500_000_000)
    parser.add_argument("--format", choices=("plain", "json"), default="plain")
    options = parser.parse_args(arguments)
    kinds: dict[str, Kind] = {}
    for source in chain.from_iterable(map(leaves, options.paths)):
        one = kinds.setdefault(source.kind or "unknown", Kind())
        if one.octets < options.octets:
            measure(source, one)
    show([one.row(kind) for kind, one in sorted(kinds.items())], options.format)
    return 0


def leaves(path: Path) -> Iterator[Source]:
    """The sources of a path; of containers their members, unpacked while they are measured."""
    for source in sources(path):
        if source.kind in CONTAINERS:
            yield from (found.source for found in inside(source.path, source.kind) if isinstance(found, Inner))
        else:
            yield source


def measure(source: Source, one: Kind) -> None:
    with tempfile.NamedTemporaryFile(prefix="bench-") as plain:
        for chunk in Stream(source.path).chunks():
            plain.write(chunk)
        plain.flush()
        path = Path(plain.name)
        size = path.stat().st_size
        if not size:
            return
        one.octets += size
        if source.is_log:
            measure_log(source, path, one)
        else:
            measure_mail(source, path, one)


def measure_mail(source: Source, path: Path, one: Kind) -> None:
    def ours() -> None:
        for found in Source(path, source.kind, source.read).items():
            if isinstance(found, Item):
                one.found += 1
            else:
                one.skipped[found.reason] += 1

    timed(one, "ours", ours)
    if source.kind == "mbox":
        timed(one, "mailbox", lambda: sum(len(box.get_bytes(key)) for box in [mailbox.mbox(path)] for key in box.iterkeys()))
        timed(one, "grep -c", lambda: grep("^From ", path), time.perf_counter)


def measure_log(source: Source, path: Path, one: Kind) -> None:
    log = LogFile(path, source.kind)

    def ours() -> None:
        for told in log.read():
            one.used += isinstance(told, Handover)
            if isinstance(told, Skipped):
                one.skipped[told.reason] += 1

    timed(one, "ours", ours)
    one.found += log.tally.lines
    timed(one, "partition", lambda: parted(path))
    timed(one, "grep -c", lambda: grep("status=", path), time.perf_counter)


def parted(path: Path) -> int:
    count = 0
    for block in blocks(path):
        if not isinstance(block, Skipped):
            for line in block.text.split("\n"):
                _, _, rest = line.partition("]: ")
                count += rest.partition(": ")[2].startswith("to=<")
    return count


def grep(what: str, path: Path) -> int:
    return subprocess.run(
        ["grep", "-c", what, str(path)], stdout=subprocess.DEVNULL, env={"LC_ALL": "C"}, check=False
    ).returncode


def timed(one: Kind, name: str, do: Callable[[], object], clock: Callable[[], float] = time.process_time) -> None:
    begin = clock()
    do()
    one.seconds[name] = one.seconds.get(name, 0.0) + clock() - begin


def show(rows: list[dict[str, object]], how: str) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if how == "json":
        print(json.dumps({"sources": rows, "peak_mb": memory}))
        return
    names = ["kind", "mb", "found", "used", "ours", "mailbox", "partition", "grep -c"]
    print(" ".join(f"{name:>12}" for name in names) + "   not read")
    for row in rows:
        cells = " ".join(f"{row.get(name, '') if row.get(name) is not None else '':>12}" for name in names)
        print(cells, "  ", row["not_read"] or "")
    print(f"MB/s of processor time on one core; peak memory {memory} MB")


if __name__ == "__main__":
    raise SystemExit(main())
