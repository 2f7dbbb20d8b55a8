"""Each way a store fails, caused: StoreError in one line, nothing half written, and it recovers when the cause goes."""

import os
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from missent.errors import ConfigError, StoreError
from missent.nouns.address import Address
from missent.recipients.history import Question
from missent.store import open_store
from missent.store.schema import store_fact

from .holding import BODY, hold


@pytest.fixture
def path(tmp_path):
    return tmp_path / "missent.db"


@pytest.fixture
def store(path, keys):
    with open_store(f"sqlite:///{path}", keys, patience=0.2) as opened:
        yield opened


def recovers(store):
    store.holds.keep(hold("after", message_id="after"), BODY)
    assert store.holds.body("after") == BODY


def test_a_full_disk_refuses_what_does_not_fit_and_keeps_what_does(store, path):
    with store.read() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def limit(connection):
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 100}")

    store.write(limit)  # the writing thread's connection is reused
    big, small = store.holds.keeping(hold("big", message_id="b"), bytes(5_000_000)), store.holds.keeping(hold("small"), BODY)
    with pytest.raises(StoreError, match="the disk is full: free some space") as raised:
        big.result()
    assert raised.value.passes
    assert raised.value.reply.startswith("451 4.3.0")
    assert small.result().id == "small"
    assert store.holds.get("big") is None
    assert store.outbox.waiting() == 2
    assert store.audit.verify().faults == ()
    store.write(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1000000"))
    recovers(store)


def test_a_file_that_may_not_grow_is_a_full_disk_too(path, keys):
    """RLIMIT_FSIZE in a process of its own: the kernel refuses the write, as a quota does."""
    open_store(f"sqlite:///{path}", keys).close()
    code = f"""
        import resource, signal, sys
        from datetime import UTC, datetime
        from missent.errors import StoreError
        from missent.nouns.hold import Hold
        from missent.store import Keys, open_store
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with open_store("sqlite:///{path}", Keys("k1", bytes(range(32)))) as store:
            resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
            try:
                store.holds.keep(Hold("h", datetime.now(UTC), None, "", "k", False, "", 0, ()), bytes(3_000_000))
            except StoreError as error:
                print(error)
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            assert store.holds.get("h") is None
            store.holds.keep(Hold("h", datetime.now(UTC), None, "", "k", False, "", 0, ()), bytes(3_000_000))
    """
    ran = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith(("store: the disk refuses", "store: the disk is full"))


def test_a_lock_of_another_process_is_waited_for_then_refused(store, path):
    code = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('BEGIN IMMEDIATE'); print('locked', flush=True)"
    code += "; input()"
    with subprocess.Popen(
        [sys.executable, "-c", code, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "locked\n"
        futures = [store.submit(lambda _connection: None) for _ in range(20)]
        with pytest.raises(StoreError, match=r"locked by another process for too long \(SQLITE_BUSY\)"):
            store.holds.keep(hold("h1"), BODY)
        assert store.holds.find() == ()  # readers go on
        other.communicate("\n")
    assert all(isinstance(future.exception(), StoreError) for future in futures)
    recovers(store)


def test_a_lock_let_go_in_time_costs_nothing(path, keys):
    with open_store(f"sqlite:///{path}", keys, patience=20) as store:
        other = sqlite3.connect(path, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        future = store.holds.keeping(hold("h1"), BODY)
        with pytest.raises(TimeoutError):
            future.result(0.1)
        other.rollback()
        other.close()
        assert future.result(10).id == "h1"


def test_a_read_only_store_is_said_to_be(path, keys):
    open_store(f"sqlite:///{path}", keys).close()
    with (
        open_store(f"sqlite:///file:{path}?mode=ro&uri=true", keys) as store,
        pytest.raises(StoreError, match="cannot be written to: check its owner and mode"),
    ):
        store.holds.keep(hold("h1"), BODY)


def test_a_folder_that_is_not_there(tmp_path, keys):
    with pytest.raises(StoreError, match="the file cannot be opened: check that its folder exists"):
        open_store(f"sqlite:///{tmp_path}/gone/missent.db", keys)


def test_a_file_that_is_something_else(path, keys):
    path.write_bytes(b"From a@b.example\r\n" * 1000)
    with pytest.raises(StoreError, match="the file is no SQLite database"):
        open_store(f"sqlite:///{path}", keys)


def test_a_damaged_file(store, path, keys):
    store.holds.keep(hold("h1"), bytes(1_000_000))
    store.close()
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(os.urandom(path.stat().st_size - 8192))

    def use():
        with open_store(f"sqlite:///{path}", keys) as damaged:
            damaged.holds.keep(hold("h2"), BODY)
            list(damaged.audit.export())

    with pytest.raises(StoreError):
        use()


@pytest.mark.parametrize("url", ["", "missent.db", "sqlite://", "sqlite:///:memory:", "mysql://x/y"])
def test_a_url_that_keeps_nothing_is_a_wrong_setting(url, keys):
    with pytest.raises(ConfigError, match="key `store`"):
        open_store(url, keys)


def test_no_content_in_an_error(path, keys):
    with open_store(f"sqlite:///{path}", keys) as store:

        def twice(connection):
            connection.execute(insert(store_fact), [{"name": "top secret", "value": "attack at dawn"}] * 2)

        with pytest.raises(StoreError) as raised:
            store.write(twice)
    error = raised.value
    assert "UNIQUE constraint failed: store_fact.name" in str(error)
    assert "dawn" not in repr(error) + repr(error.__cause__)


def test_a_postgresql_that_is_away_comes_back(postgres_server, postgres_url, keys):

    with open_store(postgres_url, keys, patience=1.0) as store:
        store.holds.keep(hold("h1"), BODY)
        postgres_server.stop()
        try:
            with pytest.raises(StoreError):
                store.holds.keep(hold("h2", message_id="m2"), BODY)
            with pytest.raises(StoreError):
                store.holds.find()
        finally:
            postgres_server.resume()
        recovers(store)
        assert {h.id for h in store.holds.find()} == {"h1", "after"}


def test_a_postgresql_that_is_not_there(tmp_path, keys):
    pytest.importorskip("psycopg")
    with pytest.raises(StoreError, match="cannot be reached"):
        open_store(f"postgresql://postgres@/x?host={tmp_path}", keys, patience=1.0)


def test_a_driver_that_is_not_installed_is_named(keys, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigError, match=r"pip install 'missent\[cluster\]'"):
        open_store("postgresql://postgres@/x", keys)


def test_history_that_cannot_be_read_is_a_store_error_without_the_statements_values(store, path):
    """Questions go through the driver itself; its errors must not pass for our own."""
    with closing(sqlite3.connect(path, isolation_level=None)) as beside:
        beside.execute("ALTER TABLE address RENAME TO elsewhere")
    question = Question(Address.parse("canary@mod.example"), (), frozenset(), (), datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(StoreError, match="the database refused") as raised:
        store.history.known(question)
    assert "canary" not in str(raised.value)
    assert raised.value.reply.startswith("451")
