"""Messages a second through a real Postfix: alone, with a milter that does nothing, with missent's.

`python -m bench.mailpath [--format plain|json] [--pairs N] [--messages N]`

Needs root, Postfix and its `smtp-source` and `smtp-sink`. One Postfix serves all three, each on a listener of its own, so
that only the filter differs. Every run of a filter follows its own run without one (a pair), the order of filters
shuffled; ratios are medians over the pairs, until the sink has the last message. missent is `missent serve`: every
message is parsed, judged with the packaged policy, logged, and told to history. The milter that does nothing shares
missent's protocol layer. Equal work varies by a tenth on a busy machine.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from missent.milter.conversation import Conversation
from missent.milter.events import Abort, Quit
from missent.testing.ports import free_port
from missent.testing.postfix import Postfix, why_not

SESSIONS = 10
SIZE = 5_000
SETTINGS = """
own_domains = ["mod.example"]
observe = false
store = "sqlite:///{home}/missent.db"
[relay]
listen = "127.0.0.1:{relay}"
next_hop = "127.0.0.1:{sink}"
[milter]
listen = "unix:{home}/missent.sock"
socket_mode = "0666"
[console]
listen = "127.0.0.1:{console}"
[public]
listen = "127.0.0.1:{public}"
"""


class Nothing(asyncio.Protocol):
    """A milter that says CONTINUE."""

    def __init__(self) -> None:
        self.wire = Conversation()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio: the connection stands."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """asyncio: octets came."""
        self.wire.receive(data)
        out = []
        while (event := self.wire.next_event()) is not None:
            if not isinstance(event, Abort | Quit):
                out.append(self.wire.answer())
        if said := self.wire.pending() + b"".join(out):
            self.transport.write(said)


def do_nothing(path: str) -> None:
    async def main() -> None:
        await asyncio.get_running_loop().create_unix_server(Nothing, path)
        os.chmod(path, 0o666)  # noqa: PTH101
        await asyncio.Event().wait()

    asyncio.run(main())


@dataclass
class Stand:
    """Postfix, the sink behind it, and the filters beside it."""

    postfix: Postfix
    filters: dict[str, tuple[int, int]]  # port of its listener, process id (0: no filter)

    def run(self, name: str, messages: int) -> tuple[float, float]:
        """Send; messages a second until the queue is empty, and the filter's milliseconds of processor time a message."""
        port, process = self.filters[name]
        before, began = _cpu(process), time.perf_counter()
        command = ["smtp-source", "-s", str(SESSIONS), "-m", str(messages), "-l", str(SIZE)]
        command += ["-f", "alex@mod.example", "-t", "joe@army.mil", f"127.0.0.1:{port}"]
        subprocess.run(command, check=True)
        while self.postfix.waiting():
            time.sleep(0.005)
        return messages / (time.perf_counter() - began), (_cpu(process) - before) / messages * 1000


@contextmanager
def stand() -> Iterator[Stand]:
    home = Path(tempfile.mkdtemp(prefix="missent-bench-"))
    home.chmod(0o755)
    (home / "postfix").mkdir(mode=0o755)
    processes: list[subprocess.Popen[bytes]] = []
    postfix = None
    nothing = multiprocessing.get_context("spawn").Process(target=do_nothing, args=(f"{home}/nothing.sock",), daemon=True)
    try:
        sink = free_port()
        nothing.start()
        processes.append(subprocess.Popen(["smtp-sink", "-u", "nobody", f"127.0.0.1:{sink}", "1000"]))
        processes.append(_missent(home, sink))
        for name in ("nothing", "missent"):
            _await(home / f"{name}.sock")
        options = ("-o smtpd_milters=", *(f"-o smtpd_milters=unix:{home}/{name}.sock" for name in ("nothing", "missent")))
        postfix = Postfix.start(home / "postfix", sink, *options)
        pids = (0, nothing.pid or 0, processes[1].pid)
        names = ("Postfix alone", "a milter that does nothing", "missent")
        yield Stand(postfix, dict(zip(names, zip(postfix.ports, pids, strict=True), strict=True)))
    finally:
        if postfix is not None:
            postfix.end()
        for process in processes:
            process.send_signal(signal.SIGKILL)
            process.wait()
        nothing.kill()
        shutil.rmtree(home, ignore_errors=True)


def _missent(home: Path, sink: int) -> subprocess.Popen[bytes]:
    config = home / "missent.toml"
    ports = {name: free_port() for name in ("relay", "console", "public")}
    config.write_text(SETTINGS.format(home=home, sink=sink, **ports))
    with (home / "serve.log").open("wb") as log:
        return subprocess.Popen([sys.executable, "-m", "missent", "serve", "--config", str(config)], stdout=log, stderr=log)


def _await(path: Path) -> None:
    until = time.monotonic() + 30
    while not path.exists():
        if time.monotonic() > until:
            raise TimeoutError(f"{path.name} was not made")
        time.sleep(0.05)


def _cpu(process: int) -> float:
    """Seconds of processor time a process has used."""
    if not process:
        return 0.0
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(pairs: int, messages: int) -> list[dict[str, Any]]:
    """All figures, a row for each filter."""
    with stand() as standing:
        alone, *filters = standing.filters
        for name in standing.filters:
            standing.run(name, messages // 5)  # processes are started, caches filled
        found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in filters}
        for _ in range(pairs):
            for name in random.sample(filters, len(filters)):
                base, _ = standing.run(alone, messages)
                rate, cpu = standing.run(name, messages)
                found[name].append((rate / base, rate, cpu))
        return [_row(name, *zip(*rows, strict=True)) for name, rows in found.items()]


def _row(name: str, ratios: tuple[float, ...], rates: tuple[float, ...], cpus: tuple[float, ...]) -> dict[str, Any]:
    return {
        "filter": name,
        "of_postfix_alone": round(statistics.median(ratios), 2),
        "messages_a_second": round(statistics.median(rates)),
        "filter_cpu_ms": round(statistics.mean(cpus), 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--format", choices=("plain", "json"), default="plain")
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--messages", type=int, default=1000)
    given = parser.parse_args()
    if reason := why_not():
        sys.exit(f"bench.mailpath: {reason}")
    rows = measure(given.pairs, given.messages)
    if given.format == "json":
        print(json.dumps(rows))
        return
    for row in rows:
        print(
            "{filter:30} {of_postfix_alone:5} of Postfix alone {messages_a_second:6}/s {filter_cpu_ms:6} ms CPU".format(**row)
        )


if __name__ == "__main__":
    main()
