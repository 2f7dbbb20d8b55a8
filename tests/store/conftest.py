"""A store on every database there is: SQLite always, PostgreSQL when its server is installed."""

import itertools
from dataclasses import replace

import pytest
from sqlalchemy import select

from missent.holds.lessons import Confirmation, Correction
from missent.store import Keys, history_tables, model_tables, open_store, register_tables  # noqa: F401  their tables are emptied too
from missent.store.schema import confirmation, correction, metadata
from missent.testing.holds import MemoryHolds

NUMBERS = itertools.count(1)
KEYS = Keys("k1", bytes(range(32)))


@pytest.fixture
def keys():
    return KEYS


@pytest.fixture
def postgres_url(postgres_server, request):
    """An empty database where the test module says NEW_DATABASE; else one already migrated, emptied afterwards."""
    new = getattr(request.module, "NEW_DATABASE", False)
    name = postgres_server.new() if new else "ready"
    yield postgres_server.url(name)
    if new:
        postgres_server.ask(f"DROP DATABASE {name} WITH (FORCE)")
    else:
        tables = ", ".join(table.name for table in metadata.sorted_tables if table.name not in ("audit_head", "store_fact"))
        postgres_server.ask(f"TRUNCATE {tables}", name)
        postgres_server.ask(f"UPDATE audit_head SET number = 0, mac = '{'0' * 64}'", name)
        postgres_server.ask("DELETE FROM store_fact WHERE name NOT LIKE 'key-%'", name)


@pytest.fixture(scope="session")
def postgres_server(postgres):
    """The throw-away server, with a database that is migrated already."""
    postgres.ask("CREATE DATABASE ready")
    open_store(postgres.url("ready"), KEYS).close()
    return postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    return url_of(request, tmp_path, request.param)


def url_of(request, tmp_path, kind):
    return f"sqlite:///{tmp_path}/missent.db" if kind == "sqlite" else request.getfixturevalue("postgres_url")


@pytest.fixture
def store(url):
    with open_store(url, KEYS, patience=2.0) as opened:
        yield opened


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def holds(request, tmp_path):
    """Every HoldBook there is, with its outbox."""
    if request.param == "memory":
        yield MemoryHolds()
        return
    with open_store(url_of(request, tmp_path, request.param), KEYS) as opened:
        opened.holds.outbox = opened.outbox
        yield opened.holds


@pytest.fixture
def lessons(holds):
    """What decisions taught, one lesson a message, oldest first."""

    def read():
        if isinstance(holds, MemoryHolds):
            return [one for lesson in holds.lessons for one in each_message(lesson)]
        with holds._store.read() as connection:
            corrections = connection.execute(select(correction).order_by(correction.c.at)).all()
            confirmations = connection.execute(select(confirmation)).all()
        return [Correction((r.message_id,), r.wrong, r.right_address) for r in corrections] + [
            Confirmation(r.sender, r.address) for r in confirmations
        ]

    return read


def each_message(lesson):
    return [replace(lesson, message_ids=(i,)) for i in lesson.message_ids] if isinstance(lesson, Correction) else [lesson]
