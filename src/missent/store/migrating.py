"""The schema brought to this version when a store is opened, by one process at a time; a newer store is left alone.

Alembic is loaded only when there is something to do: an up-to-date store opens without it.
"""

import time
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import OperationalError

from missent.errors import ConfigError
from missent.store.database import WRITES

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x6D697373  # "miss": PostgreSQL's advisory lock for migrations
_LOCKED = "55P03"

_PATIENCE_MS = 300
_PAUSES = (0.2, 0.5, 1.0, *(2.0,) * 60)
"""A table can be altered only while nobody reads it, and whoever asks for it after us waits behind us. So we wait a moment,
let the queue pass, and try again: for two minutes, longer than anybody may read.
"""


def revisions() -> tuple[str, ...]:
    """Every schema version this missent knows, oldest first: its file is `versions/v<revision>_<what>.py`."""
    return tuple(sorted(path.name[1:].partition("_")[0] for path in (_FOLDER / "versions").glob("v[0-9]*.py")))


def migrate(engine: Engine, to: str = "head") -> None:
    """Upgrade to a revision. Raises ConfigError if the store was written by a newer missent, or by none."""
    known = revisions()
    target = known[-1] if to == "head" else to
    with engine.connect() as connection:
        if _check(version(connection), known) == target:
            return
    for pause in (*_PAUSES, 0.0):
        try:
            _migrate(engine, target, known)
        except OperationalError as error:
            if not pause or getattr(error.orig, "sqlstate", "") != _LOCKED:
                raise
            time.sleep(pause)
        else:
            return


def _migrate(engine: Engine, target: str, known: tuple[str, ...]) -> None:
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = 0"))  # the other node's migration may take its time
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            connection.execute(text(f"SET LOCAL lock_timeout = {_PATIENCE_MS}"))
        if _check(version(connection), known) != target:  # another process may have been first
            _upgrade(connection, target)


def version(connection: Connection) -> str | None:
    """The revision a database stands at; None for an empty one. Raises ConfigError if its tables are somebody else's."""
    tables = inspect(connection).get_table_names()
    if "alembic_version" in tables:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if tables:
        raise ConfigError("key `store` names a database with other tables than missent's, expected a new or a missent one")
    return None


def _check(found: str | None, known: tuple[str, ...]) -> str | None:
    if found is not None and found not in known:
        raise ConfigError(
            f"the store was written by a newer missent (schema {found}, this one knows up to {known[-1]}): update missent"
        )
    return found


def _upgrade(connection: Connection, to: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to)
