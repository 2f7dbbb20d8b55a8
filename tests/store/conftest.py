"""A store on every database there is: SQLite always, PostgreSQL when its server is installed."""

import itertools
import os
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

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


def postgres_folder():
    """Where PostgreSQL's server binaries are, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    which = shutil.which("initdb")
    return found[0].parent if found else Path(which).parent if which else None


def run_as_postgres(*command):
    """The server refuses root: as root it is run as user postgres."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *map(str, command)], check=True, capture_output=True, cwd="/")


def restart(folder, what):
    """Start or stop the throw-away server."""
    options = f"-k {folder} -c listen_addresses='' -c max_connections=50 -c fsync=off"
    more = ("-o", options, "-l", folder / "log") if what == "start" else ("-m", "immediate")
    run_as_postgres(postgres_folder() / "pg_ctl", "-D", folder / "data", "-w", *more, what)


@pytest.fixture(scope="session")
def postgres_server():
    """A throw-away PostgreSQL on a UNIX socket."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    binaries = postgres_folder()
    if binaries is None:
        pytest.skip("PostgreSQL's server is not installed")
    folder = Path(tempfile.mkdtemp(prefix="missent-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    initdb = binaries / "initdb"
    try:
        run_as_postgres(initdb, "-D", folder / "data", "-A", "trust", "-U", "postgres", "-N", "--no-locale", "-E", "UTF8")
    except (subprocess.CalledProcessError, OSError) as error:
        pytest.skip(f"PostgreSQL's initdb does not run here: {error}")
    restart(folder, "start")
    ask(folder, "CREATE DATABASE ready")
    open_store(f"postgresql://postgres@/ready?host={folder}", KEYS).close()
    yield folder
    restart(folder, "stop")
    shutil.rmtree(folder)


def ask(server, statement, database="postgres"):
    import psycopg

    with psycopg.connect(f"host={server} user=postgres dbname={database}", autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture
def postgres_url(postgres_server, request):
    """An empty database where the test module says NEW_DATABASE; else one already migrated, emptied afterwards."""
    new = getattr(request.module, "NEW_DATABASE", False)
    name = f"t{next(NUMBERS)}" if new else "ready"
    if new:
        ask(postgres_server, f"CREATE DATABASE {name}")
    yield f"postgresql://postgres@/{name}?host={postgres_server}"
    if new:
        ask(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")
    else:
        tables = ", ".join(table.name for table in metadata.sorted_tables if table.name not in ("audit_head", "store_fact"))
        ask(postgres_server, f"TRUNCATE {tables}", name)
        ask(postgres_server, f"UPDATE audit_head SET number = 0, mac = '{'0' * 64}'", name)
        ask(postgres_server, "DELETE FROM store_fact WHERE name NOT LIKE 'key-%'", name)


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
