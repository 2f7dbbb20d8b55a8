import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from missent.errors import ConfigError
from missent.store import case_tables, history_tables, model_tables, open_store, register_tables
from missent.store.database import connect
from missent.store.migrating import migrate, revisions, version
from missent.store.schema import metadata

from .holding import hold

NEW_DATABASE = True
RELEASED = revisions()
"""Every schema a release has shipped; a store left at any of them must open."""


@pytest.fixture
def engine(url):
    engine = connect(url, 2.0)
    yield engine
    engine.dispose()


def test_the_migrations_make_exactly_the_tables_the_statements_use(engine):
    migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert {history_tables.letter, register_tables.partner, model_tables.trait, case_tables.case} <= set(
            metadata.tables.values()
        )
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("released", RELEASED)
def test_a_store_of_every_released_version_opens(engine, url, keys, released):
    migrate(engine, to=released)
    with engine.connect() as connection:
        assert version(connection) == released
    with open_store(url, keys) as store, store.read() as connection:
        assert version(connection) == RELEASED[-1]
        assert connection.execute(text("SELECT number FROM audit_head")).scalar_one() == 0


def test_a_newer_store_is_refused_in_one_line_and_left_alone(engine, url, keys):
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigError, match=r"newer missent \(schema 9999, this one knows up to .*\): update missent"):
        open_store(url, keys)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"


def test_somebody_elses_database_is_refused(engine, url, keys):
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE invoices (id INTEGER)"))
    with pytest.raises(ConfigError, match="other tables"):
        open_store(url, keys)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["invoices"]


def test_several_opening_at_once_migrate_once(url, keys):
    def open_and_close(_):
        with open_store(url, keys) as store, store.read() as connection:
            return version(connection)

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(open_and_close, range(6))) == {RELEASED[-1]}


def test_a_failed_migration_leaves_nothing_behind(engine, monkeypatch):
    from missent.store import migrating

    def halfway(connection, _to):
        connection.execute(text("CREATE TABLE half (id INTEGER)"))
        raise RuntimeError("power cut")

    monkeypatch.setattr(migrating, "_upgrade", halfway)
    with pytest.raises(RuntimeError, match="power cut"):
        migrate(engine)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == []


def test_a_migration_that_must_wait_for_a_reader_makes_nobody_wait_for_long(engine, url, keys, monkeypatch):
    """On PostgreSQL a waiting ALTER TABLE blocks all who come after it: a reader of minutes would stop the mail."""
    from missent.store import migrating, opened

    def alters(connection, _to):
        connection.execute(text("ALTER TABLE hold ADD COLUMN later TEXT"))
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{RELEASED[-1]}'"))

    migrate(engine, to=RELEASED[-2])
    monkeypatch.setattr(migrating, "_upgrade", alters)
    monkeypatch.setattr(opened, "migrate", lambda _engine: None)
    with open_store(url, keys, patience=2.0) as store, ThreadPoolExecutor(1) as pool:
        with store.read() as reading:
            reading.execute(text("SELECT * FROM hold")).all()
            migrating_ = pool.submit(migrate, engine)
            for n in range(30):  # each asks for the table the migration waits for
                store.holds.keep(hold(f"h{n}", message_id=f"m{n}"), b"x")
                time.sleep(0.05)
        migrating_.result(30)
        assert len(store.holds.find(limit=100)) == 30
    with engine.connect() as connection:
        assert "later" in {column["name"] for column in inspect(connection).get_columns("hold")}


def test_a_node_of_the_version_before_goes_on_beside_the_new_schema(engine, url, keys, monkeypatch):
    from missent.store import opened

    migrate(engine, to=RELEASED[-2])
    monkeypatch.setattr(opened, "migrate", lambda _engine: None)
    with open_store(url, keys, patience=5.0) as old, ThreadPoolExecutor(1) as pool:
        upgrading = pool.submit(migrate, engine)
        for n in range(20):
            old.holds.keep(hold(f"h{n}", message_id=f"m{n}"), b"x")
        upgrading.result(30)
        old.holds.keep(hold("after", message_id="after"), b"x")
        assert len(old.holds.find(limit=100)) == 21


def test_reading_the_package_loads_no_database_library():
    """`missent check` must answer in 300 ms, with a store present too."""
    code = "import sys, missent.store; sys.exit(any(m in sys.modules for m in ('sqlalchemy', 'alembic', 'sqlite3')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_up_to_date_store_opens_without_alembic(url, keys):
    open_store(url, keys).close()
    code = (
        "import sys; from missent.store import Keys, open_store; "
        f"open_store({url!r}, Keys('k1', bytes(range(32)))).close(); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
