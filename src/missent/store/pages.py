"""Large things of the recipient model in pages, under a name and a number that rises; the one before the newest is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from missent.store.rows import EngineRows, Rows, many

if TYPE_CHECKING:
    from sqlalchemy import Connection

PAGE = 1 << 20

_NEWEST = "SELECT name, max(number) FROM model_page GROUP BY name"
_NUMBER = "SELECT coalesce(max(number), 0) FROM model_page WHERE name = :name"
_READ = "SELECT octets FROM model_page WHERE name = :name AND number = :number ORDER BY seq"
_PUT = "INSERT INTO model_page (name, number, seq, octets) VALUES (:name, :number, :seq, :octets)"
_OLD = "DELETE FROM model_page WHERE name = :name AND number < :number"
_DROP = "DELETE FROM model_page WHERE name = :name"


def newest(rows: Rows) -> dict[str, int]:
    """The newest number of each name."""
    return {name: int(number) for name, number in rows.rows(_NEWEST)}


def read(rows: Rows, name: str, number: int) -> bytes | None:
    """What stands under a name and number; None if it is gone."""
    found = rows.rows(_READ, name=name, number=number)
    return b"".join(bytes(row[0]) for row in found) if found else None


def put(connection: Connection, name: str, octets: bytes) -> int:
    """Write under the next number; returns it."""
    number = int(EngineRows(connection).rows(_NUMBER, name=name)[0][0]) + 1
    cut = [octets[at : at + PAGE] for at in range(0, len(octets), PAGE)] or [b""]
    many(connection, _PUT, [{"name": name, "number": number, "seq": seq, "octets": page} for seq, page in enumerate(cut)])
    many(connection, _OLD, [{"name": name, "number": number - 1}])
    return number


def drop(connection: Connection, name: str) -> None:
    """Remove everything under a name."""
    many(connection, _DROP, [{"name": name}])
