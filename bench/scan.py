"""How fast, how alike on every engine, how truthful an investigation is: `python -m bench.scan [PATH…] [--format plain|json]`.

PATH is an mbox, packed or not; without one, made-up mail is read. Speed is processor time of one core over the same octets,
ours with all it does (finding messages, recipients, digests, writing facts), the peers doing nothing but reading the same
headers: Python's `mailbox` with `email` under policy.default and compat32, compat32 given the header block alone, and
`grep -c` over the file as the limit. Then the same archive on one process, two, and a Dask cluster (`bench.scan_engines`);
a question to a million rows of Parquet; and planted truth, found, missed and false by kind. `--messages` bounds each part.
"""

import argparse
import email
import email.parser
import email.policy
import json
import mailbox
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import IO

from bench.scan_engines import engines
from bench.scan_truth import truth
from missent.archive.item import Item
from missent.archive.readers import open_source
from missent.archive.scan import plan
from missent.archive.scan.state import State
from missent.archive.scan.taking import TakeShard
from missent.testing.planted import OWN, plant

HEADERS = ("from", "to", "cc", "date", "message-id", "subject", "in-reply-to", "references")
Rows = list[dict[str, object]]


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-scan-") as name:
        folder = Path(name)
        box, count = gathered(options.paths, folder / "all.mbox", options.messages)
        own = frozenset(options.own or [OWN])
        tables = {
            "one core": speed(box, count, own, folder),
            "engines": engines(box, options.repeat, own, folder),
            "asked again": asked_again(folder, options.rows),
            "planted truth": truth(folder, options.planted),
        }
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if options.format == "json":
        print(json.dumps(tables | {"peak_mb": memory}))
    else:
        for title, rows in tables.items():
            show(title, rows)
        print(f"peak memory of this process: {memory} MB")
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--own", action="append", help="own domain of the mail given")
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=30_000, help="messages on which the engines are compared")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of Parquet asked")
    parser.add_argument("--planted", type=int, default=20, help="exposures planted of every kind")
    parser.add_argument("--format", choices=("plain", "json"), default="plain")
    return parser.parse_args(arguments)


def gathered(paths: Iterable[Path], box: Path, most: int) -> tuple[Path, int]:
    """One plain mailbox of the messages of these, or made-up ones, and how many."""
    made = False
    sources = list(paths)
    if not sources:
        made = True
        plant(each=4, ordinary=most // 2).write(box.parent / "made")
        sources = sorted((box.parent / "made").glob("*.mbox"))
    share = max(1, most // len(sources)) if not made else most
    count = 0
    with box.open("wb") as file:
        for source in sources:
            for item in islice((i for i in open_source(source) if isinstance(i, Item)), share):
                file.write(b"From x Mon Jul  3 09:00:00 2023\n" + item.raw.replace(b"\nFrom ", b"\n>From ") + b"\n")
                count += 1
    return box, count


def speed(box: Path, count: int, own: frozenset[str], folder: Path) -> Rows:
    """Processor time of one core, each reading the whole file; the best of two runs."""
    headers = [item.raw.partition(b"\n\n")[0] + b"\n\n" for item in open_source(box) if isinstance(item, Item)]
    ways: dict[str, tuple[Callable[[], object], int]] = {
        "missent, who only": (lambda: take(box, own, folder), count),
        "missent, with content": (lambda: take(box, own, folder, content=True), count),
        "mailbox + policy.default": (lambda: parsed(box, email.policy.default, 1_000), min(count, 1_000)),
        "mailbox + compat32": (lambda: parsed(box, email.policy.compat32, count), count),
        "compat32, header block alone, no mailbox": (lambda: headers_alone(headers), count),
    }
    size = box.stat().st_size
    rows: Rows = []
    for name, (way, messages) in ways.items():
        spent = min(cpu(way) for _ in range(2))
        rows.append(
            {
                "what": name,
                "messages/s": round(messages / spent),
                "MB/s": round(size * messages / count / spent / 1e6, 1),
                "us/message": round(1e6 * spent / messages, 1),
            }
        )
    grep = child_cpu(["grep", "-c", "^From ", str(box)])
    rows.append(
        {"what": "grep -c (limit)", "messages/s": round(count / grep), "MB/s": round(size / grep / 1e6, 1), "us/message": ""}
    )
    return rows


def take(box: Path, own: frozenset[str], folder: Path, *, content: bool = False) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as name:
        state = State(Path(name))
        plan.make(state, [box], "bench", size=1 << 40)
        TakeShard(state.folder, 0, own, content=content).run(lambda _: None)


def headers_alone(headers: list[bytes]) -> None:
    parser = email.parser.BytesHeaderParser(policy=email.policy.compat32)
    for header in headers:
        asked(parser.parsebytes(header))


def parsed(box: Path, policy: email.policy.Policy, most: int) -> None:
    def read(file: IO[bytes]) -> object:
        return email.message_from_bytes(file.read(), policy=policy)

    for message in islice(mailbox.mbox(box, factory=read), most):  # type: ignore[arg-type]
        asked(message)


def asked(message: object) -> None:
    for name in HEADERS:
        message[name]  # type: ignore[index]


def asked_again(folder: Path, rows: int) -> Rows:
    """A new question over judged recipients in Parquet, opened afresh."""
    import pyarrow as pa
    from pyarrow import parquet

    from missent.archive.scan.results import EXPOSURES, ask

    results = folder / "results"
    results.mkdir()
    numbers = pa.array(range(rows))
    domains = pa.array([f"d{n % 5_003}.{'ml' if n % 97 == 0 else 'example'}" for n in range(rows)])
    senders = pa.array([f"p{n % 20_011}@mod.example" for n in range(rows)])
    parquet.write_table(pa.table({"mail": numbers, "domain": domains, "sender": senders}), results / EXPOSURES)
    count = "SELECT {0}, count(*) n FROM exposures {1} GROUP BY {0} ORDER BY n DESC, {0} LIMIT 20"
    questions = {
        "recipients by domain under .ml": count.format("domain", "WHERE domain LIKE '%.ml'"),
        "the twenty busiest senders": count.format("sender", ""),
    }
    told: Rows = []
    for name, sql in questions.items():
        started, spent = time.perf_counter(), time.process_time()
        found = ask(results, sql)[1]
        row = {"question": name, "rows": rows, "answer": len(found), "s": round(time.perf_counter() - started, 3)}
        told.append(row | {"cpu s": round(time.process_time() - spent, 3)})
    return told


def cpu(way: Callable[[], object]) -> float:
    started = time.process_time()
    way()
    return time.process_time() - started


def child_cpu(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return max(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1e-4)


def show(title: str, rows: Rows) -> None:
    print(f"\n{title}")
    heads = list(rows[0])
    print("  ".join(f"{head:>14}" if n else f"{head:<42}" for n, head in enumerate(heads)))
    for row in rows:
        print("  ".join(f"{row.get(head, '')!s:>14}" if n else f"{row[head]!s:<42}" for n, head in enumerate(heads)))


if __name__ == "__main__":
    sys.exit(main())
