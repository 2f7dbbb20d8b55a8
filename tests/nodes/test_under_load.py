"""While mail comes in, others use the store for long: nobody hears 451 because of it."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

MAILS = 6000
pytestmark = pytest.mark.timeout(400)  # on a machine that is busy with other things


class Senders:
    """Four clients that send mail of which a copy is held, one after the other, until told to stop."""

    def __init__(self, node):
        self.node, self.over, self.said, self.taken = node, threading.Event(), [], 0
        self.pool = ThreadPoolExecutor(4)
        self.running = [self.pool.submit(self.send, n) for n in range(4)]

    def send(self, sender):
        number = 0
        while not self.over.is_set():
            number += 1
            said = self.node.send(f"m{sender}-{number}", f"joe+{number}@army.mil", f"jane+{number}@army.ml")
            self.taken += not said
            self.said += [said] if said else []

    def stop(self):
        self.over.set()
        self.pool.shutdown()
        for one in self.running:
            one.result()


def archive(path):
    """Past mail of 200 people."""
    with path.open("wb") as file:
        for n in range(MAILS):
            day, who, whom = 1 + n % 28, n % 40, n % 200
            file.write(
                f"From x Mon Jan  1 00:00:00 2024\nFrom: Anna <anna{who}@mod.example>\nTo: j{whom}@partner{whom % 50}.com\n"
                f"Message-ID: <{n}@mod.example>\nDate: {day} Mar 2024 10:00:00 +0000\nSubject: {n}\n\nHello\n\n".encode()
            )


@pytest.mark.parametrize(
    ("verb", "codes", "said"),
    [("learn", (0,), f"{MAILS:,} messages read, {MAILS:,} new"), ("scan", (0, 11), f"{MAILS:,} messages read")],
    ids=("learn", "scan"),
)
def test_reading_an_archive_keeps_no_client_waiting_for_long(nodes, tmp_path, verb, codes, said):
    (node,) = nodes(1)
    node.start()
    archive(tmp_path / "past.mbox")
    senders = Senders(node)
    try:
        command = [sys.executable, "-m", "missent", verb, tmp_path / "past.mbox", "--config", node.config]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode in codes, done.stderr
        assert said in done.stdout + done.stderr
    finally:
        senders.stop()
    assert senders.said == []
    assert senders.taken > 20


def test_neither_does_a_second_node_that_starts_and_a_policy_that_is_applied(nodes, tmp_path):
    one, other = nodes(2)
    one.start()
    (tmp_path / "policy.toml").write_text('[[rule]]\nname = "all"\naction = "deliver"\n')
    senders = Senders(one)
    try:
        for _ in range(2):
            other.start()
            other.end()
        one.command("register", "partner", "partner.com")
        one.command("audit", "verify")
        one.command("policy", "apply", str(tmp_path / "policy.toml"))
    finally:
        senders.stop()
    assert senders.said == []
    assert senders.taken > 20
