import pytest

from missent.errors import HoldError
from missent.nouns.hold import State
from missent.store import open_store

from .holding import BODY, HOUR, NOW, copy, decision, hold, states

LATER = NOW + 500 * HOUR


@pytest.fixture
def store(url, keys):
    with open_store(url, keys) as opened:
        yield opened


def deliver(store, at):
    for posting in store.outbox.lease(at, "w", 100):
        store.outbox.done(posting, at)


def test_a_settled_holds_message_goes_its_rows_stay(store):
    kept = store.holds.keep(hold("h1"), BODY * 10_000)
    store.holds.decide(decision(kept, "release", "console"))
    deliver(store, NOW + HOUR)
    assert store.holds.purge(NOW + HOUR, LATER) == 0  # settled at that very moment, not before
    assert store.holds.purge(NOW + 2 * HOUR, LATER) == 1
    assert store.holds.purge(NOW + 2 * HOUR, LATER) == 0
    assert states(store.holds) == ["sent"]
    with pytest.raises(HoldError, match="retention is over"):
        store.holds.body("h1")
    assert [e["kind"] for e in store.audit.export()][-1] == "hold.purged"


def test_what_somebody_may_still_need_stays(store):
    held = store.holds.keep(hold("held", copy("a@b.ml"), copy("b@b.ml"), message_id="m1"), BODY)
    store.holds.decide(decision(held, "return"))
    away = store.holds.keep(hold("away", message_id="m2"), BODY)
    store.holds.decide(decision(away, "confirm"))
    told = store.holds.keep(hold("dsn-waits", message_id="m3"), BODY)
    store.holds.decide(decision(told, "return"))
    assert store.holds.purge(LATER, LATER) == 0
    deliver(store, LATER)
    assert store.holds.purge(LATER, LATER) == 1
    assert store.holds.body("held") == store.holds.body("away") == BODY


def test_a_message_warned_of_goes_once_its_letter_has_left(store):
    store.holds.keep(hold("h1", copy(state=State.WARNED)), BODY)
    assert store.holds.purge(LATER, LATER) == 0
    deliver(store, LATER)
    assert store.holds.purge(LATER, LATER) == 1
