"""`kill -9` at every step from the client's mail to the released copy: nothing is lost, nothing leaks, twice at worst."""

import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from missent.testing.holding import RAW, held_copy, hold

from .test_two_nodes import state, until, until_taken

DYING = str(Path(__file__).with_name("dying.py"))

TAKING = {
    "before the hold is written": 1,
    "before the hold is committed": 1,
    "between hold and next hop": 1,
    "between next hop and reply": 2,
}
"""How often the good recipient gets the message: a client whose reply was lost sends it again (RFC 5321 4.5.3.2.6)."""

LETTING_GO = {
    "before a decision is committed": 1,
    "between decision and page": 1,
    "between lease and re-injection": 1,
    "between re-injection and mark": 2,
}


def started(node, step):
    node.python = (DYING, step)
    node.start()


def killed(node):
    """Whether it has died of its step, once it had the time; started again, it lives."""
    until(lambda: node.died, 20)
    node.end()
    started(node, "none")


@pytest.mark.parametrize("step", TAKING)
def test_while_a_message_is_taken(nodes, hop, opened, step):
    (node,) = nodes(1)
    started(node, step)
    assert node.send("m1", "joe+1@army.mil", "jane+1@army.ml")
    killed(node)
    until_taken([node, node], 1)
    until(lambda: hop.got("joe+1@army.mil") >= TAKING[step], 20)
    assert hop.got("joe+1@army.mil") == TAKING[step]
    with opened() as store:
        [kept] = store.holds.find()
        assert [(copy.rcpt.spec, copy.state) for copy in kept.copies] == [("jane+1@army.ml", "held")]
        until(lambda: hop.got("anna@mod.example") == 1, 20)  # asked once
        assert hop.got("jane+1@army.ml") == 0
        assert store.audit.verify().faults == ()


@pytest.mark.parametrize("step", LETTING_GO)
def test_while_a_copy_is_let_go(nodes, hop, opened, step):
    (node,) = nodes(1)
    started(node, "none")
    until_taken([node, node], 1)
    until(lambda: hop.got("anna@mod.example") == 1, 20)
    node.end()
    started(node, step)
    with opened() as store:
        [kept] = store.holds.find()
        node.release(kept.id)
        killed(node)
        if state(store, kept) == "held":
            assert hop.got("jane+1@army.ml") == 0
            assert node.release(kept.id)
        until(lambda: state(store, kept) == "sent", 30)
        assert hop.got("jane+1@army.ml") == LETTING_GO[step]
        assert store.audit.verify().faults == ()


def test_while_copies_expire(nodes, hop, opened):
    (node,) = nodes(1)
    started(node, "none")
    node.end()
    with opened() as store:
        past = held_copy("jane+1@army.ml", expires=datetime.now(UTC) - timedelta(hours=1))
        kept = store.holds.keep(hold(past, created=datetime.now(UTC) - timedelta(hours=73)), RAW)
        with contextlib.suppress(TimeoutError):  # it may die before it listens
            started(node, "before an expiry is committed")
        killed(node)
        until(lambda: state(store, kept) == "expired", 30)
        until(lambda: any(b"Status: 4.4.7" in sent.raw for sent in list(hop.hop.kept)), 30)
        assert hop.got("jane+1@army.ml") == 0
        assert store.audit.verify().faults == ()
