"""A store on every database there is: SQLite always, PostgreSQL when its server is installed."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from missent.store import Keys, open_store

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


@pytest.fixture(scope="session")
def postgres_server():
    """A throw-away PostgreSQL on a UNIX socket."""
    binaries = postgres_folder()
    if binaries is None:
        pytest.skip("PostgreSQL's server is not installed")
    folder = Path(tempfile.mkdtemp(prefix="missent-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    run_as_postgres(binaries / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-N", "--no-locale", "-E", "UTF8")
    options = f"-k {folder} -c listen_addresses='' -c max_connections=50"
    run_as_postgres(binaries / "pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start")
    yield folder
    run_as_postgres(binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture
def postgres_url(postgres_server, request):
    """A new empty database."""
    psycopg = pytest.importorskip("psycopg")
    name = f"t{os.getpid()}_{id(request)}"
    where = f"host={postgres_server} user=postgres dbname=postgres"
    with psycopg.connect(where, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield f"postgresql://postgres@/{name}?host={postgres_server}"
    with psycopg.connect(where, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/missent.db"
    return request.getfixturevalue("postgres_url")


@pytest.fixture
def store(url):
    with open_store(url, KEYS, patience=2.0) as opened:
        yield opened
