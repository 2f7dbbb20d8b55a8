"""One set of reading statements, two ways to run them.

Loading SQLAlchemy costs some 0.3 s, more than `missent check` may take in all; a server has it loaded anyway, and needs
it for PostgreSQL. So what is read on the way to a verdict is plain SQL with `:name` parameters, common to SQLite and
PostgreSQL, run either through the standard library's sqlite3 or through an SQLAlchemy connection. A parameter written
`IN :name` takes a list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    import sqlite3

    from sqlalchemy import Connection

T = TypeVar("T")
Row = Sequence[Any]

_PARAMETER = re.compile(r":(\w+)")
_LIST = re.compile(r"IN :(\w+)")


class Rows(Protocol):
    """Runs one reading statement."""

    def rows(self, sql: str, **params: Any) -> list[Row]:
        """All rows, columns in the order selected."""
        ...


class PlainRows:
    """Over the standard library's sqlite3: quick to start."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, **params: Any) -> list[Row]:
        """All rows. Raises sqlite3.Error."""
        return self._connection.execute(*spread(sql, params)).fetchall()


class EngineRows:
    """Over an SQLAlchemy connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, **params: Any) -> list[Row]:
        """All rows. Raises sqlalchemy.exc.SQLAlchemyError."""
        statement, values = spread(sql, params)
        return list(self._connection.exec_driver_sql(native(self._connection, statement), values))


class DriverRows:
    """Over the driver's own connection beneath an SQLAlchemy one, in its transaction: a third of the cost of a statement."""

    def __init__(self, connection: Connection) -> None:
        self._cursor = connection.connection.cursor()
        self._percent = connection.dialect.name != "sqlite"

    def rows(self, sql: str, **params: Any) -> list[Row]:
        """All rows. Raises the driver's own errors."""
        statement, values = spread(sql, params)
        self._cursor.execute(_percent(statement) if self._percent else statement, values)
        return list(self._cursor.fetchall())


class StoreRows:
    """Over whatever opens a reading connection: one for each statement."""

    def __init__(self, read: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._read = read

    def rows(self, sql: str, **params: Any) -> list[Row]:
        """All rows. Raises StoreError."""
        with self._read() as connection:
            return EngineRows(connection).rows(sql, **params)


def many(connection: Connection, sql: str, rows: list[dict[str, Any]]) -> None:
    """Run a writing statement for every row, if there is any."""
    if rows:
        connection.exec_driver_sql(native(connection, sql), rows)


def native(connection: Connection, sql: str) -> str:
    """A statement with `:name` parameters as the connection's driver wants it.

    Given to the driver as it stands: SQLAlchemy's own parameters cost more than the inserts of a learned archive.
    """
    return sql if connection.dialect.name == "sqlite" else _percent(sql)


def spread(sql: str, params: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Write out list parameters.

    Lists are filled up to a power of two with their last item, so that few different texts are compiled.

    >>> spread("SELECT 1 WHERE x IN :a AND y < :b", {"a": [7, 8, 9], "b": 1})[0]
    'SELECT 1 WHERE x IN (:a_0,:a_1,:a_2,:a_3) AND y < :b'
    """
    lists = {name: list(value) for name, value in params.items() if isinstance(value, (list, tuple, set, frozenset))}
    values = {name: value for name, value in params.items() if name not in lists}
    sizes = {}
    for name, items in lists.items():
        sizes[name] = 1 << (max(len(items), 1) - 1).bit_length()
        filling = [items[-1] if items else None] * (sizes[name] - len(items))
        values.update((f"{name}_{n}", item) for n, item in enumerate(items + filling))
    return _written(sql, tuple(sizes.items())), values


@lru_cache(maxsize=512)
def _written(sql: str, sizes: tuple[tuple[str, int], ...]) -> str:
    sized = dict(sizes)
    return _LIST.sub(lambda found: f"IN ({','.join(f':{found[1]}_{n}' for n in range(sized[found[1]]))})", sql)


@lru_cache(maxsize=512)
def _percent(sql: str) -> str:
    return _PARAMETER.sub(r"%(\1)s", sql.replace("%", "%%"))


def chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Pieces of at most `size`: databases limit the parameters of one statement."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
