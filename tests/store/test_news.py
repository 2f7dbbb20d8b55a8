"""A change made by one node is heard by the others."""

import threading
import time
from datetime import UTC, datetime

import pytest

from missent.nouns.action import Action
from missent.recipients.register import Restriction
from missent.store import open_store
from missent.store.register import Key

from .conftest import url_of
from .holding import BODY, hold


@pytest.fixture
def nodes(url, keys):
    with open_store(url, keys, patience=20) as one, open_store(url, keys, patience=20) as other:
        yield one, other


def change(node, reason="no"):
    node.register.put(Restriction("kp", Action.BLOCK, reason), datetime.now(UTC), "test")


def test_each_change_of_register_and_policy_is_news_and_nothing_else_is(nodes):
    one, other = nodes
    seen = [other.news.number()]
    change(one)
    seen.append(other.news.number())
    other.policies.put("x = 1", datetime.now(UTC), "test")
    seen.append(one.news.number())
    one.policies.put("x = 1", datetime.now(UTC), "test")  # the same again
    one.holds.keep(hold("h1"), BODY)
    assert one.news.number() == seen[-1]
    one.register.remove(Key("restriction", "kp"), datetime.now(UTC), "test")
    seen.append(other.news.number())
    assert seen == sorted(set(seen))


def heard(node, seconds):
    """Wait as a node does until the number has changed; how long it took."""
    before, started = node.news.number(), time.monotonic()
    while node.news.number() == before:
        assert time.monotonic() - started < seconds, "heard nothing"
        while not node.news.wait(0.25):
            pass
    return time.monotonic() - started


@pytest.mark.timed
def test_it_is_heard_within_a_second(nodes):
    one, other = nodes
    other.news.wait(0.0)  # listens from here on
    for _ in range(3):
        timer = threading.Timer(0.5, change, (one, str(time.monotonic())))
        timer.start()
        assert heard(other, 5.0) - 0.5 < 1.0
        timer.join()


@pytest.mark.timed
def test_postgresql_calls_at_once(request, tmp_path, keys):
    url = url_of(request, tmp_path, "postgresql")
    with open_store(url, keys) as one, open_store(url, keys) as other:
        other.news.wait(0.0)
        timer = threading.Timer(0.2, change, (one,))
        timer.start()
        started = time.monotonic()
        assert other.news.wait(10.0)
        assert time.monotonic() - started < 2.0
        timer.join()


def test_a_broken_ear_is_made_anew_and_the_number_is_looked_at_meanwhile(request, tmp_path, keys, postgres_server):
    url = url_of(request, tmp_path, "postgresql")
    with open_store(url, keys) as one, open_store(url, keys) as other:
        other.news.wait(0.0)
        postgres_server.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
        change(one)
        assert heard_by(other, 3.0)
        change(one, "again")
        assert heard_by(other, 3.0)


def heard_by(node, seconds):
    until = time.monotonic() + seconds
    while not node.news.wait(0.1):
        assert time.monotonic() < until
    return node.news.number()
