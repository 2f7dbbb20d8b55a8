"""Two gateways and two consoles on one store, one of them killed at any moment: each hold is acted on exactly once."""

import json
import random
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from missent.nouns.action import Action
from missent.nouns.hold import State
from missent.recipients.register import Restriction
from missent.store.keys import fresh
from missent.store.schema import audit_event

KILLS = 4
pytestmark = pytest.mark.timeout(400)  # on a machine that is busy with other things


class Killing(threading.Thread):
    """Kills one node or the other and starts it again, until told to stop."""

    def __init__(self, nodes, seed):
        super().__init__()
        self.nodes, self.random, self.kills, self.over = nodes, random.Random(seed), 0, threading.Event()

    def run(self):
        while not self.over.wait(self.random.uniform(0.2, 1.0)):
            node = self.random.choice(self.nodes)
            node.end()
            self.kills += 1
            node.start()

    def stop(self):
        self.over.set()
        self.join(60)


def test_each_hold_is_acted_on_exactly_once_while_nodes_die(nodes, hop, opened):
    pair = nodes(2)
    for node in pair:
        node.start()
    killing, sent = Killing(pair, seed=7), 0
    killing.start()
    try:
        with opened() as store, ThreadPoolExecutor(8) as pool:
            while killing.kills < KILLS or sent < 30:
                list(pool.map(lambda n: until_taken(pair, n), range(sent, sent + 10)))
                sent += 10
                waiting = store.holds.find(State.HELD, limit=1000)
                presses = [(hold, node) for hold in waiting for node in pair]  # both consoles at the same moment
                list(pool.map(lambda pressed: until_released(store, *pressed), presses))
            killing.stop()
            holds = store.holds.find(limit=1000)
            until(lambda: all(state(store, hold) == "sent" for hold in holds), 200)
            check(store, holds, hop, sent)
    finally:
        killing.stop()
    doubled = sum(hop.got(f"jane+{n}@army.ml") - 1 for n in range(sent))
    assert doubled <= killing.kills * 10  # those under way when a node died: SMTP allows no less


def check(store, holds, hop, sent):
    assert sorted(c.rcpt.spec for h in holds for c in h.copies) == sorted(f"jane+{n}@army.ml" for n in range(sent))
    assert all(hop.got(f"jane+{n}@army.ml") for n in range(sent)), "lost"
    assert all(hop.got(f"joe+{n}@army.mil") for n in range(sent)), "lost"
    assert store.audit.verify().faults == ()
    happened = [(kind, facts.get("copy")) for kind, facts in events(store)]
    for copy in (copy for hold in holds for copy in hold.copies):
        assert [happened.count((kind, copy.id)) for kind in ("hold.created", "hold.decided", "hold.sent")] == [1, 1, 1]


def events(store):
    with store.read() as connection:
        rows = connection.execute(select(audit_event).order_by(audit_event.c.number)).all()
    return [(row.kind, json.loads(row.facts)) for row in rows]


def until_taken(pair, n):
    """As a mail server does: try the one or the other until it is taken."""
    tries = 0
    while pair[(n + tries) % 2].send(f"m{n}", f"joe+{n}@army.mil", f"jane+{n}@army.ml"):
        tries += 1
        assert tries < 300
        time.sleep(0.1)


def until_released(store, hold, node):
    until(lambda: node.release(hold.id) or state(store, hold) != "held", 60)


def state(store, hold):
    return store.holds.get(hold.id).copies[0].state.value


def until(condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


@pytest.mark.timed
def test_a_change_of_register_or_policy_reaches_both_within_a_second(nodes, opened):
    pair = nodes(2)
    for node in pair:
        node.start()
    with opened() as store:
        for number in range(5):
            suffix = f"x{number}.kp"
            time.sleep(0.3)
            store.register.put(Restriction(suffix, Action.BLOCK, "no"), datetime.now(UTC), "test")
            time.sleep(0.9)
            assert all("550" in node.send(f"r{number}", f"desk@{suffix}") for node in pair), number
        policy = '[[rule]]\nname = "all"\naction = "block"\n'
        store.policies.put(policy, datetime.now(UTC), "test")
        time.sleep(0.9)
        assert all("550" in node.send("p", "ann@army.mil") for node in pair)


def test_a_node_with_other_keys_refuses_to_start(nodes, tmp_path):
    one, other = nodes(2)
    one.start()
    stranger = fresh()
    (tmp_path / "other.key").write_text(f'id = "{stranger.id}"\nsecret = "{stranger.secret.hex()}"\n')
    (tmp_path / "other.key").chmod(0o600)
    other.config.write_text(other.config.read_text().replace("missent.key", "other.key"))
    command = [sys.executable, "-m", "missent", "serve", "--config", other.config]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    (line,) = done.stderr.strip().splitlines()
    assert f"keys '{stranger.id}' are not those of this store, expected the key file with id" in line
    assert stranger.secret.hex() not in line
    assert one.send("still", "joe@army.mil") == ""
