"""The engine behind a URL: what makes SQLite durable and patient, and PostgreSQL answer the same statements."""

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from missent.errors import ConfigError

WRITES = {"missent_writes": True}
"""Execution option of a connection whose transactions write: SQLite then takes its one write lock at once."""

_PRAGMAS = (
    "foreign_keys = ON",
    "synchronous = FULL",  # with WAL: one fsync a commit, and a committed hold survives a power cut
    "journal_size_limit = 67108864",
    "cache_size = -4000",  # kB, of each connection; the rest is in the system's memory, once for all
)


def connect(url: str, patience: float) -> Engine:
    """An engine for `sqlite:///file` or `postgresql://…`. Raises ConfigError for any other URL."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigError("key `store` is not a URL, expected sqlite:///file or postgresql://host/name") from None
    kind = parsed.get_backend_name()
    if kind == "sqlite":
        return _sqlite(parsed, patience)
    if kind == "postgresql":
        return _postgresql(parsed, patience)
    raise ConfigError(f"key `store` names {kind!r}, expected sqlite:///file or postgresql://host/name")


def reading(engine: Engine) -> Engine:
    """The same database for readers: all statements of a transaction see one state of it."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine


def _sqlite(url: URL, patience: float) -> Engine:
    if url.database in (None, "", ":memory:"):
        raise ConfigError("key `store` names no file, expected sqlite:///file: what is held must survive")
    _private(Path(str(url.database)))
    engine = create_engine(url.set(drivername="sqlite+pysqlite"), hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: the driver would delay it past our SAVEPOINTs
        connection.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")
        if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            connection.execute("PRAGMA journal_mode = WAL")
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("missent_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _private(path: Path) -> None:
    """Make the file, readable by its owner alone, before SQLite makes it for everybody: held mail lies in it."""
    with contextlib.suppress(OSError):  # what is wrong with the path, SQLite says when it opens it
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600))


def _postgresql(url: URL, patience: float) -> Engine:
    options = f"-c lock_timeout={int(patience * 1000)} -c idle_in_transaction_session_timeout=60000"
    try:
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            hide_parameters=True,
            pool_pre_ping=True,  # a server that was restarted costs no message
            connect_args={"connect_timeout": max(2, int(patience)), "options": options},
        )
    except ModuleNotFoundError:
        raise ConfigError(
            "key `store` names PostgreSQL, expected its driver installed: pip install 'missent[cluster]'"
        ) from None
