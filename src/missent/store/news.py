"""How a change of register or policy reaches every node: a number in the store that grows, and on PostgreSQL a call.

The number is what counts; LISTEN only says when to look. A call that is lost (a connection that broke, a pooler between) costs
a moment, since the number is looked at every second anyway.
"""

import contextlib
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import SQLAlchemyError

from missent.store.schema import store_fact

if TYPE_CHECKING:
    import psycopg

KINDS = frozenset({"policy.changed", "register.changed"})
"""Events of the audit chain that concern every node."""

_CHANNEL = "missent_news"
_NAME = "news"
_POLL = 1.0
_TELL = text(
    "INSERT INTO store_fact (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)


def tell(connection: Connection, number: int) -> None:
    """Tell all nodes, once this transaction is committed. `number` must grow: that of the newest audit event does."""
    connection.execute(_TELL, {"name": _NAME, "value": str(number)})
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_notify(:channel, '')"), {"channel": _CHANNEL})


class News:
    """What one node hears. `wait` is for one thread; `close` after it."""

    def __init__(self, engine: Engine, read: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._engine = engine
        self._read = read
        self._calling = engine.dialect.name == "postgresql"
        self._ear: Connection | None = None
        self._looked = 0.0

    def number(self) -> int:
        """Grows with every change; 0 before the first. Raises StoreError."""
        with self._read() as connection:
            found = connection.execute(select(store_fact.c.value).where(store_fact.c.name == _NAME)).scalar_one_or_none()
        return int(found or 0)

    def wait(self, seconds: float) -> bool:
        """Whether it is time to look at the number: at once when called, else once a second; blocks `seconds` at most."""
        if not self._calling:
            time.sleep(seconds)
            return True
        try:
            called = self._called(seconds)
        except Exception:  # noqa: BLE001 - the server is gone: the number is looked at, which says so, and the ear is made anew
            self.close()
            time.sleep(seconds)
            called = False
        if called or time.monotonic() - self._looked >= _POLL:
            self._looked = time.monotonic()
            return True
        return False

    def close(self) -> None:
        """Stop listening."""
        ear, self._ear = self._ear, None
        if ear is not None:
            with contextlib.suppress(SQLAlchemyError):
                ear.invalidate()  # nobody else may get a connection that listens
                ear.close()

    def _called(self, seconds: float) -> bool:
        if self._ear is None:
            ear = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            ear.exec_driver_sql(f"LISTEN {_CHANNEL}")
            self._ear = ear
            return True  # something may have changed before
        driver: psycopg.Connection[tuple[object, ...]] = self._ear.connection.driver_connection  # type: ignore[assignment]
        return any(True for _ in driver.notifies(timeout=seconds, stop_after=1))
