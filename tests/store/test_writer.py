import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor

import pytest
from sqlalchemy import func, insert, select

from missent.errors import HoldError, StoreError
from missent.store.schema import store_fact


def put(name):
    def job(connection):
        connection.execute(insert(store_fact).values(name=name, value=""))
        return name

    return job


def names(store):
    with store.read() as connection:
        return {n for n in connection.execute(select(store_fact.c.name)).scalars() if not n.startswith("key-")}


@pytest.fixture
def together(store):
    """Submits functions so that they meet in one transaction; returns their futures."""

    def submit(*functions):
        gate = threading.Event()
        blocker = store.submit(lambda _connection: gate.wait(10))
        futures = [store.submit(function) for function in functions]
        gate.set()
        blocker.result()
        return futures

    return submit


def test_what_is_resolved_is_committed(store):
    assert store.write(put("a")) == "a"
    assert names(store) == {"a"}


def test_a_fault_of_one_touches_no_other(store, together):
    def fault(connection):
        put("half")(connection)
        raise HoldError("no")

    first, second, third = together(put("a"), fault, put("b"))
    assert (first.result(), third.result()) == ("a", "b")
    with pytest.raises(HoldError, match="no"):
        second.result()
    assert names(store) == {"a", "b"}


def test_a_database_error_of_one_touches_no_other(store, together):
    first, second, third = together(put("a"), put("a"), put("b"))
    assert (first.result(), third.result()) == ("a", "b")
    with pytest.raises(StoreError):
        second.result()
    assert names(store) == {"a", "b"}


def test_a_race_lost_is_run_again(store, together):
    """Two nodes may both find no row and both insert one: the loser looks again, alone."""
    seen = []

    def get_or_put(connection):
        found = connection.execute(select(func.count()).where(store_fact.c.name == "a")).scalar_one()
        seen.append(found)
        if len(seen) == 1:
            put("a")(connection)
            put("a")(connection)
        return found

    assert together(get_or_put, put("b"))[0].result() == 0
    assert len(seen) == 2


def test_many_share_one_commit(store, together):
    commits = []
    from sqlalchemy import event

    event.listen(store._engine, "commit", lambda _connection: commits.append(1))
    futures = together(*(put(f"n{i}") for i in range(50)))
    assert [f.result() for f in futures] == [f"n{i}" for i in range(50)]
    assert len(commits) <= 2


def test_what_was_cancelled_in_time_is_not_done(store):
    gate = threading.Event()
    blocker = store.submit(lambda _connection: gate.wait(10))
    late = store.submit(put("late"))
    assert late.cancel()
    gate.set()
    blocker.result()
    store.write(put("after"))
    assert names(store) == {"after"}
    with pytest.raises(CancelledError):
        late.result()


def test_closing_finishes_what_is_queued_and_takes_no_more(store):
    with ThreadPoolExecutor(4) as pool:
        futures = list(pool.map(lambda i: store.submit(put(f"n{i}")), range(40)))
    store.close()
    assert all(future.result(0) for future in futures)
    with pytest.raises(StoreError, match="closed"):
        store.submit(put("x"))
    store.close()
