"""What systemd hears of a node, on a real datagram socket; which settings a running node takes up."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from missent.serving.reloading import LIVE, changed
from missent.serving.supervisor import Supervisor
from missent.settings import RelaySettings, Settings


@pytest.fixture
def heard(tmp_path):
    """A supervisor's socket; `heard(seconds)` is the next thing said, None if nothing is."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as one:
        one.bind(str(tmp_path / "notify"))

        def hear(seconds=10.0):
            one.settimeout(seconds)
            try:
                return one.recv(4096).decode()
            except TimeoutError:
                return None

        hear.path = str(tmp_path / "notify")
        yield hear


def test_it_says_what_it_is_told_to_and_no_more(heard):
    Supervisor(heard.path).tell("READY=1", "STATUS=well")
    assert heard() == "READY=1\nSTATUS=well"
    Supervisor("").tell("READY=1")
    Supervisor(heard.path + "-nobody").tell("READY=1")
    assert heard(0.05) is None


def test_signs_of_life_come_twice_as_often_as_wanted(heard):
    async def play():
        living = asyncio.create_task(Supervisor.of({"NOTIFY_SOCKET": heard.path, "WATCHDOG_USEC": "200000"}).keep_alive())
        await asyncio.sleep(0.25)
        living.cancel()

    asyncio.run(play())
    assert [heard(0.05) for _ in range(4)] == ["WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1", None]


def test_without_a_watchdog_there_is_nothing_to_keep_alive(heard):
    asyncio.run(asyncio.wait_for(Supervisor.of({"NOTIFY_SOCKET": heard.path, "WATCHDOG_USEC": "rubbish"}).keep_alive(), 1))
    assert heard(0.05) is None


def test_the_keys_that_differ_are_named():
    before = Settings(own_domains=("a.example",))
    after = replace(before, observe=False, relay=RelaySettings(listen="127.0.0.1:26"), log_addresses="domain")
    assert changed(before, before) == ()
    assert set(changed(before, after)) == {"observe", "relay.listen", "log_addresses"}


def test_every_live_key_is_a_key():
    table = Settings()
    for key in LIVE:
        part = table
        for name in key.split("."):
            part = getattr(part, name)


class Process:
    """`missent serve` as systemd runs it."""

    def __init__(self, folder, notify, free):
        self.config, self.log = folder / "missent.toml", folder / "serve.log"
        self.ports = [free() for _ in range(3)]
        self.write()
        command = [sys.executable, "-m", "missent", "serve", "--config", self.config]
        with self.log.open("wb") as log:
            self.child = subprocess.Popen(command, env=os.environ | {"NOTIFY_SOCKET": notify}, stderr=log)

    def write(self, *, observe="true", relay=0, extra=""):
        ports = self.ports
        self.config.write_text(
            f'own_domains = ["mod.example"]\nobserve = {observe}\n{extra}\n'
            f'[relay]\nlisten = "127.0.0.1:{relay or ports[0]}"\n[console]\nlisten = "127.0.0.1:{ports[1]}"\n'
            f'[public]\nlisten = "127.0.0.1:{ports[2]}"\n'
        )

    def logged(self, pattern):
        until = time.monotonic() + 10
        while not (found := re.search(pattern, self.log.read_text())):
            assert time.monotonic() < until, f"never logged: {pattern}"
            time.sleep(0.02)
        return found


@pytest.fixture
def process(tmp_path, heard, free):
    running = Process(tmp_path, heard.path, free)
    yield running
    running.child.kill()
    running.child.wait()


def test_ready_reload_and_stop_are_told_and_a_wrong_file_changes_nothing(process, heard):
    assert heard(30) == "READY=1"
    process.write(observe="false", relay=process.ports[0] + 1)
    process.child.send_signal(signal.SIGHUP)
    assert [heard(), heard()] == ["RELOADING=1", "READY=1"]
    found = process.logged(r'"observe": (\w+), "after_restart": \[(.*?)\], "event": "settings in force"')
    assert found.groups() == ("false", '"relay.listen"')
    process.write(extra="obverse = 1")
    process.child.send_signal(signal.SIGHUP)
    assert [heard(), heard()] == ["RELOADING=1", "READY=1"]
    assert "nearest known key is `observe`" in process.logged(r'"reason": "(.*?)", "event": "settings kept"')[1]
    process.child.send_signal(signal.SIGTERM)
    assert heard() == "STOPPING=1"
    assert process.child.wait(20) == 0
