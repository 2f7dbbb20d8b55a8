"""Several processes that take mail: they share the work, one that dies is replaced, all stop when told or left alone."""

import asyncio
import contextlib
import os
import signal
import smtplib
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from missent.cli.site import Site
from missent.cli.worker import starter
from missent.errors import ConfigError
from missent.nouns.action import Action
from missent.recipients.register import Restriction
from missent.serving.crew import Crew
from missent.settings import ServeSettings, Settings
from missent.testing.next_hop import KeepingNextHop
from missent.testing.ports import free_port

SETTINGS = """
own_domains = ["mod.example"]
observe = false
[serve]
workers = 2
[relay]
listen = "127.0.0.1:{relay}"
next_hop = "127.0.0.1:{hop}"
[milter]
listen = "unix:{home}/milter.sock"
[console]
listen = "127.0.0.1:{console}"
[public]
listen = "127.0.0.1:{public}"
[health]
listen = "127.0.0.1:{health}"
"""
MAIL = "From: anna@mod.example\r\nTo: r@navy.mil\r\nMessage-ID: <{id}@mod.example>\r\nSubject: x\r\n\r\nHello\r\n"


def children(parent):
    """Forked processes of a process."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                ours = int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == parent
                if ours and b"multiprocessing.forkserver" in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
    return found


def memory(pid):
    """Kilobytes a process has in memory, and those it shares with nobody."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    sizes = {line.partition(":")[0]: int(line.split()[1]) for line in lines}
    return sizes["Rss"], sizes["Private_Clean"] + sizes["Private_Dirty"]


class Served:
    """A running `missent serve`."""

    def __init__(self, home, hop):
        self.ports = {name: free_port() for name in ("relay", "console", "public", "health")}
        self.home = home
        config = home / "missent.toml"
        config.write_text(SETTINGS.format(home=home, hop=hop, **self.ports))
        command = [sys.executable, "-m", "missent", "serve", "--config", str(config)]
        self.said = (home / "said").open("w")
        self.temporary = tempfile.TemporaryDirectory(prefix="crew-")  # short: a socket lies in it
        self.process = subprocess.Popen(command, stderr=self.said, env={**os.environ, "TMPDIR": self.temporary.name})

    def workers(self):
        """Process ids of those that take mail, as the system knows them: forked by a child of the first process."""
        return [pid for forker in children(self.process.pid) for pid in children(forker)]

    def told(self, event):
        """How many processes have logged an event."""
        return sum(f'"event": "{event}"' in line for line in (self.home / "said").read_text().splitlines())

    def greeted(self):
        with contextlib.suppress(OSError), smtplib.SMTP("127.0.0.1", self.ports["relay"], timeout=0.5):
            return True
        return False

    def send(self, id_, rcpt="r@navy.mil"):
        with smtplib.SMTP("127.0.0.1", self.ports["relay"], timeout=20) as smtp:
            smtp.sendmail("anna@mod.example", [rcpt], MAIL.format(id=id_))

    def counted(self):
        with socket.create_connection(("127.0.0.1", self.ports["health"])) as one:
            one.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
            text = b"".join(iter(lambda: one.recv(65536), b"")).decode()
        lines = [line for line in text.splitlines() if line.startswith('missent_messages_total{action="deliver"}')]
        assert len(lines) <= 1
        return float(lines[0].split()[1]) if lines else 0.0


async def until(condition):
    for _ in range(1200):
        if await asyncio.to_thread(condition):
            return
        await asyncio.sleep(0.05)
    raise TimeoutError


@contextlib.asynccontextmanager
async def serving(home):
    async with KeepingNextHop() as hop:
        served = Served(home, hop.port)
        try:
            await until(served.greeted)
            await until(lambda: len(served.workers()) == 2)
            yield served, hop
        finally:
            workers = served.workers()
            served.process.kill()
            served.process.wait()
            served.said.close()
            served.temporary.cleanup()
            for pid in workers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def test_they_share_the_work_and_one_that_dies_is_replaced(tmp_path):
    async def play():
        async with serving(tmp_path) as (served, hop):
            await asyncio.gather(*(asyncio.to_thread(served.send, f"a{n}") for n in range(20)))
            before = served.workers()
            os.kill(before[0], signal.SIGKILL)
            await until(lambda: len(set(served.workers()) - set(before)) == 1)
            await asyncio.gather(*(asyncio.to_thread(served.send, f"b{n}") for n in range(20)))
            assert len(hop.kept) == 40
            assert served.counted() == 40, "what all count, the dead one included"
            served.process.terminate()
            assert await asyncio.to_thread(served.process.wait, 60) == 0
            assert served.workers() == []
            assert not (tmp_path / "milter.sock").exists()
            assert "has died" in (tmp_path / "said").read_text()

    asyncio.run(play())


def test_when_the_process_they_are_forked_from_dies_others_take_their_place(tmp_path):
    async def play():
        async with serving(tmp_path) as (served, hop):
            before = served.workers()
            (forker,) = children(served.process.pid)
            os.kill(forker, signal.SIGKILL)
            await until(lambda: len(served.workers()) == 2)
            await until(lambda: not any(alive(pid) for pid in before))
            await asyncio.gather(*(asyncio.to_thread(served.send, f"a{n}") for n in range(10)))
            assert len(hop.kept) == 10

    asyncio.run(play())


def test_left_alone_they_stop_and_what_they_took_is_delivered(tmp_path):
    async def play():
        async with serving(tmp_path) as (served, hop):
            await asyncio.to_thread(served.send, "a")
            workers = served.workers()
            served.process.kill()
            await until(lambda: not any(Path(f"/proc/{pid}").exists() and alive(pid) for pid in workers))
            assert len(hop.kept) == 1

    asyncio.run(play())


def test_they_share_names_and_code_and_each_hears_of_a_change(tmp_path):
    """What is known of 10,000 domains is in memory once, however many processes take mail; later changes reach each."""
    known = [f"{'bcdfghjklm'[n % 10]}{n * 7919 % 99991}.partner{n % 50}.com" for n in range(10_000)]
    (tmp_path / "missent.toml").write_text('own_domains = ["mod.example"]\n')
    with Site(str(tmp_path / "missent.toml")) as site:
        site.store()
    with contextlib.closing(sqlite3.connect(tmp_path / "missent.db")) as db, db:
        db.executemany("INSERT INTO domain (name, organisation, established) VALUES (?, ?, 1)", [(d, d) for d in known])

    async def play():
        async with serving(tmp_path) as (served, _hop):
            await asyncio.gather(*(asyncio.to_thread(served.send, f"a{n}") for n in range(20)))
            for pid in served.workers():
                rss, private = memory(pid)
                assert rss > 90_000
                assert private < rss / 3, f"{private} of {rss} kB are its own"
            with Site(str(tmp_path / "missent.toml")) as site:
                site.store().register.put(Restriction("kp", Action.BLOCK, "no"), datetime.now(UTC), "test")
            await until(lambda: served.told("register in force") == 3)
            for _ in range(6):
                with pytest.raises(smtplib.SMTPRecipientsRefused):
                    await asyncio.to_thread(served.send, "k", "x@y.kp")

    asyncio.run(play())


def alive(pid):
    """Not a zombie: an orphan in a container may find nobody to bury it."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


class Stubborn:
    """A process that does not hear SIGTERM."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-c", "import signal,time; signal.signal(15, 1); print(1, flush=True); time.sleep(60)"],
            stdout=subprocess.PIPE,
        )
        self.process.stdout.readline()
        self.process.stdout.close()
        self.pid, self.exitcode = self.process.pid, None
        self.sentinel = os.pidfd_open(self.pid)

    def join(self):
        self.exitcode = self.process.wait()

    def kill(self):
        self.process.kill()


def test_one_that_does_not_stop_is_killed(monkeypatch):
    monkeypatch.setattr("missent.serving.crew._PATIENCE", 0.2)
    stubborn = []

    def start(_sockets):
        stubborn.append(Stubborn())
        return stubborn[-1]

    async def play():
        settings = Settings(serve=ServeSettings(workers=2))
        settings = Settings(relay=type(settings.relay)(listen=f"127.0.0.1:{free_port()}"), serve=settings.serve)
        crew = Crew(settings, start)
        crew.open()
        assert len(crew.pids) == 2
        began = time.monotonic()
        await crew.close()
        assert time.monotonic() - began < 20

    asyncio.run(play())
    assert [one.exitcode for one in stubborn] == [-9, -9]


@pytest.mark.parametrize("workers", [0, 65])
def test_a_number_that_cannot_be_meant_is_refused(workers):
    with pytest.raises(ValueError, match="key `workers`"):
        ServeSettings(workers=workers)


def test_a_folder_too_deep_for_their_socket_is_said_before_anything_starts(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", f"/tmp/{'deep/' * 15}")
    (tmp_path / "missent.toml").write_text("[serve]\nworkers = 2\n")
    with Site(str(tmp_path / "missent.toml")) as site, pytest.raises(ConfigError, match="set TMPDIR to a shorter folder"):
        starter(site)
