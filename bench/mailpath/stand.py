"""One Postfix, a sink behind it, and the filters beside it, each on a listener of its own."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.mailpath.filters import ALONE, FILTERS, Filter, Place, missing, start
from missent.testing.ports import free_port
from missent.testing.postfix import Postfix

SESSIONS = 10
EACH_ITS_OWN = "-o local_header_rewrite_clients=permit_mynetworks"  # Postfix adds Message-ID and Date
BACK = "-o smtpd_milters= -o smtpd_proxy_filter= -o smtpd_authorized_xforward_hosts=127.0.0.0/8"


@dataclass
class Stand:
    """What is running. `skipped` says which filters are not, and why."""

    postfix: Postfix
    ports: dict[str, int]
    processes: dict[str, subprocess.Popen[bytes]]
    files: dict[str, Path]
    skipped: dict[str, str] = field(default_factory=dict)

    @property
    def filters(self) -> list[Filter]:
        """Those that can be measured."""
        return [one for one in FILTERS if one.name in self.ports]

    def send(self, one: Filter, size: str, messages: int, rcpt: str = "") -> float:
        """Send through a filter; messages a second until the sink has the last (`held`: until they are accepted)."""
        began = time.perf_counter()
        command = ["smtp-source", "-s", str(SESSIONS), "-m", str(messages), "-F", str(self.files[size])]
        command += ["-f", one.sender, "-t", rcpt or one.rcpt, f"127.0.0.1:{self.ports[one.name]}"]
        subprocess.run(command, check=True)
        accepted = time.perf_counter()
        while self.postfix.waiting():
            time.sleep(0.01)
        return messages / ((accepted if one.held else time.perf_counter()) - began)

    def try_out(self, size: str, messages: int) -> None:
        """Send a few through every filter: processes are started and caches filled; what refuses mail is skipped."""
        self.send(ALONE, size, messages)
        for one in self.filters:
            try:
                self.send(one, size, messages)
            except subprocess.CalledProcessError:
                del self.ports[one.name]
                self.skipped[one.name] = "refuses mail"

    def accepted(self, size: str, messages: int, rcpt: str) -> float:
        """As `send` for Postfix alone, timed until all are accepted, as held messages are."""
        alone = Filter(ALONE.name, rcpt=rcpt, held=True)
        return self.send(alone, size, messages)

    def cpu(self, one: Filter) -> float:
        """Seconds of processor time that a filter and all its processes have used."""
        return cpu_of(self.processes[one.process].pid) if one.process else 0.0

    def memory(self, one: Filter) -> float:
        """MB that a filter and all its processes have in memory."""
        return sum(_memory(pid) for pid in _tree(self.processes[one.process].pid))


@contextlib.contextmanager
def stand(files: dict[str, bytes], wanted: Iterable[Filter], workers: int) -> Iterator[Stand]:
    """Start everything, and end it."""
    home = Path(tempfile.mkdtemp(prefix="missent-bench-"))
    home.chmod(0o755)
    with contextlib.ExitStack() as closing:
        closing.callback(shutil.rmtree, home, ignore_errors=True)
        paths = {name: home / name.replace(" ", "") for name in files}
        for name, octets in files.items():
            paths[name].write_bytes(octets.replace(b"\r\n", b"\n"))
        sink, back = free_port(), free_port()
        _kept(closing, subprocess.Popen(["smtp-sink", "-u", "nobody", f"127.0.0.1:{sink}", "1000"]))
        running, skipped = _start(closing, home, [one for one in wanted if one.process], back, workers)
        rows = [ALONE, *(one for one in wanted if one.process in running)]
        options = [f"{EACH_ITS_OWN} {one.options(running[one.process][0])}" if one.process else EACH_ITS_OWN for one in rows]
        (home / "postfix").mkdir(mode=0o755)
        postfix = Postfix.start(home / "postfix", sink, BACK, *options, first_port=back)
        closing.callback(postfix.end)
        ports = dict(zip((one.name for one in rows), postfix.ports[1:], strict=True))
        yield Stand(postfix, ports, {name: process for name, (_, process) in running.items()}, paths, skipped)


Running = dict[str, tuple[Place, subprocess.Popen[bytes]]]


def _start(
    closing: contextlib.ExitStack, home: Path, wanted: list[Filter], back: int, workers: int
) -> tuple[Running, dict[str, str]]:
    running: Running = {}
    skipped: dict[str, str] = {}
    for one in wanted:
        if one.process in running or one.name in skipped:
            continue
        if missing(one.process):
            skipped[one.name] = "not installed"
            continue
        place = Place(home / one.process, free_port(), back, workers)
        process = _kept(closing, start(one.process, place))
        if _answers(place, one, process):
            running[one.process] = place, process
        else:
            skipped[one.name] = "did not start: " + _last_words(place)
    return running, skipped


def _answers(place: Place, one: Filter, process: subprocess.Popen[bytes]) -> bool:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        where: str | tuple[str, int] = str(place.socket(one.process)) if one.milter else ("127.0.0.1", place.port)
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX if one.milter else socket.AF_INET) as asking:
            asking.connect(where)
            return True
        time.sleep(0.1)
    return False


def _last_words(place: Place) -> str:
    lines = (place.home / "said").read_text(errors="replace").splitlines()
    return lines[-1][:200] if lines else "it said nothing"


def _kept(closing: contextlib.ExitStack, process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
    closing.callback(_end, process)
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    """SIGTERM lets a program end its own; whatever of them is left after five seconds is killed."""
    tree = _tree(process.pid)
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(5)
    for pid in tree:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def cpu_of(root: int) -> float:
    """Seconds of processor time of a process and its children, those that have ended included."""
    ticks = 0
    for pid in _tree(root):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            ticks += sum(int(field) for field in _stat(pid)[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def _tree(root: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                parents.setdefault(int(_stat(int(entry.name))[1]), []).append(int(entry.name))
    found = [root]
    for pid in found:
        found += parents.get(pid, [])
    return found


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _memory(pid: int) -> float:
    """Proportional set size: what processes share is counted once."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
