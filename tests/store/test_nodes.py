"""Two nodes (or a gateway and a terminal) on one store: each thing happens once; what was acknowledged survives a kill."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from pathlib import Path

import pytest

from missent.errors import HoldError
from missent.store import open_store

from .holding import BODY, HOUR, NOW, copy, decision, hold, states


@pytest.fixture
def nodes(url, keys):
    with ExitStack() as stack:
        yield [stack.enter_context(open_store(url, keys, patience=20)) for _ in range(3)]


def at_once(functions):
    """Results of functions started together; an exception is a result."""

    def run(function):
        try:
            return function()
        except HoldError as error:
            return error

    with ThreadPoolExecutor(len(functions)) as pool:
        return list(pool.map(run, functions))


def test_of_several_deciding_the_same_copy_one_wins(nodes):
    kept = nodes[0].holds.keep(hold("h1", *(copy(f"r{n}@b.ml") for n in range(10))), BODY)
    for n in range(10):
        tries = [("confirm", "sender:1"), ("release", "console"), ("return", "console")]
        answers = at_once(
            [
                lambda node=node, t=t, n=n: node.holds.decide(decision(kept, *t, nth=n))
                for node, t in zip(nodes, tries, strict=True)
            ]
        )
        assert sum(not isinstance(answer, HoldError) for answer in answers) == 1
    rows = nodes[0].outbox.lease(NOW + HOUR, "w", 100)
    assert len([p for p in rows if p.parcel in ("copy", "dsn")]) == 10
    assert nodes[1].audit.verify().events == 20


def test_one_message_arriving_at_several_nodes_is_one_hold(nodes):
    def arrives(node, n, i):
        return node.holds.keep(hold(f"h{n}{i}", copy(f"r{i}@b.ml"), message_id=f"m{n}"), BODY)

    for n in range(5):
        kept = at_once([lambda i=i, node=node, n=n: arrives(node, n, i) for i, node in enumerate(nodes)])
        assert len({h.id for h in kept}) == 1
        assert len(nodes[0].holds.get(kept[0].id).copies) == 3
    assert len(nodes[0].holds.find()) == 5
    assert [p.parcel for p in nodes[0].outbox.lease(NOW, "w", 100)] == ["notice"] * 5


def test_of_several_workers_one_sends_each_row(nodes):
    for n in range(30):
        nodes[0].holds.keep(hold(f"h{n}", message_id=f"m{n}"), BODY)
    leased = at_once([lambda i=i, node=node: node.outbox.lease(NOW, f"w{i}", 15) for i, node in enumerate(nodes)])
    ids = [posting.id for some in leased for posting in some]
    assert len(ids) == len(set(ids)) == 30
    assert nodes[0].outbox.lease(NOW, "late", 100) == ()


def test_of_several_clocks_one_expires_each_copy(nodes):
    for n in range(10):
        nodes[0].holds.keep(hold(f"h{n}", message_id=f"m{n}"), BODY)
    expired = at_once([lambda node=node: node.holds.expire(NOW + 100 * HOUR) for node in nodes])
    assert sorted(c.id for some in expired for c in some) == sorted(h.copies[0].id for h in nodes[0].holds.find())
    assert [p.parcel for p in nodes[0].outbox.lease(NOW + 100 * HOUR, "w", 100)].count("dsn") == 10


def test_the_evidence_of_all_is_one_chain(nodes):
    futures = [
        node.holds.keeping(hold(f"h{n}-{i}", message_id=f"m{n}-{i}"), BODY) for n in range(20) for i, node in enumerate(nodes)
    ]
    wait(futures)
    found = nodes[0].audit.verify()
    assert (found.events, found.faults) == (60, ())


def test_what_was_acknowledged_survives_a_kill(url, keys):
    """kill -9 in the midst of many: every hold told of is whole, the outbox and the chain agree with it."""
    open_store(url, keys).close()
    script = str(Path(__file__).with_name("keep_until_killed.py"))
    with subprocess.Popen([sys.executable, script, url], stdout=subprocess.PIPE, text=True) as child:
        told = [child.stdout.readline().strip() for _ in range(60)]
        child.send_signal(signal.SIGKILL)
        told += child.stdout.read().split()[:-1]  # the last may be cut short
    with open_store(url, keys) as store:
        kept = store.holds.find(limit=10_000)
        assert set(told) <= {h.id for h in kept}
        assert {len(store.holds.body(h.id)) for h in kept} == {len(BODY) * 2000}
        assert {states(store.holds, h.id)[0] for h in kept} == {"held"}
        assert store.outbox.waiting() == 2 * len(kept)
        assert (store.audit.verify().events, store.audit.verify().faults) == (len(kept), ())
