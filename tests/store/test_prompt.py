"""History at once: the same answers, or StoreError without waiting."""

import sqlite3
import time
from datetime import UTC, datetime, timedelta

import pytest

from missent.errors import StoreError
from missent.nouns.address import Address
from missent.nouns.sighting import Sighting
from missent.recipients.history import Question
from missent.store import open_store, prompt

START = datetime(2026, 1, 1, tzinfo=UTC)
OURS = [Address(f"p{n}", "mod.example", f"Person {n}") for n in range(4)]
THEIRS = [Address(f"q{n}", domain, f"Other {n}") for n in range(5) for domain in ("army.mil", "navy.mil")]


def mail(number):
    """One of many mails back and forth."""
    ours, theirs = OURS[number % 4], THEIRS[number * 7 % 10]
    sender, rcpts = (theirs, (ours,)) if number % 3 == 0 else (ours, (theirs, THEIRS[number % 10]))
    return Sighting(f"{number}@x", START + timedelta(hours=number), sender, rcpts, (f"{number - 4}@x",), automatic=False)


def question(sender, *rcpts, day=100):
    return Question(sender, rcpts, frozenset({"army.mil", "navy.mil"}), ("3@x",), START + timedelta(days=day))


@pytest.fixture
def store(tmp_path, keys):
    with open_store(f"sqlite:///{tmp_path}/missent.db", keys, own=("mod.example",)) as opened:
        opened.history.learn(map(mail, range(200)))
        yield opened


@pytest.mark.parametrize("day", [0, 1, 4, 100])
def test_the_answer_is_histories_own(store, day):
    for sender in (*OURS, None, Address("nobody", "mod.example")):
        for rcpts in (THEIRS[:1], THEIRS[2:6], (Address("q9", "army.mil", "Other 1"),), ()):
            asked = question(sender, *rcpts, day=day)
            assert store.prompt.known(asked) == store.history.known(asked)


def test_what_was_learned_meanwhile_is_known(store):
    asked = question(OURS[0], Address("new", "army.mil"), day=1000)
    assert "new@army.mil" not in store.prompt.known(asked).contacts
    store.history.learn([Sighting("n@x", START, OURS[0], (Address("new", "army.mil"),), (), automatic=False)])
    assert store.prompt.known(asked).contacts["new@army.mil"].sent == 1


def test_a_long_answer_is_left_to_others(store, monkeypatch):
    monkeypatch.setattr(prompt, "MOST_ROWS", 3)
    asked = question(OURS[1], THEIRS[0])
    with pytest.raises(StoreError, match="too much"):
        store.prompt.known(asked)
    assert len(store.history.known(asked).contacts) > 3


def test_a_locked_store_is_not_waited_for(store, tmp_path):
    beside = sqlite3.connect(tmp_path / "missent.db", isolation_level=None)
    store._engine.dispose()
    beside.execute("PRAGMA locking_mode = EXCLUSIVE")
    beside.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    with pytest.raises(StoreError, match="not to be read at once"):
        store.prompt.known(question(OURS[0]))
    assert time.monotonic() - began < 1
    beside.execute("COMMIT")
    beside.close()
    assert store.prompt.known(question(OURS[0])).wrote
