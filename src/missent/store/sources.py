"""How far each archive was learned, so that a second run skips what was read and a killed one goes on where it was.

A row is written in the transaction that learns the messages before it: after a kill, either both are there or neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from missent.store.rows import EngineRows, many

if TYPE_CHECKING:
    from sqlalchemy import Connection

_READ = "SELECT stamp, next, finished FROM source WHERE path = :path"
_PUT = """INSERT INTO source (path, stamp, next, finished) VALUES (:path, :stamp, :next, :finished)
ON CONFLICT (path) DO UPDATE SET stamp = excluded.stamp, next = excluded.next, finished = excluded.finished"""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one source was learned.

    Attributes:
        path: absolute path of the file.
        stamp: what the file was like; another stamp means it may be another file.
        next: octet from which to read on.
        finished: whether all of it was learned.
    """

    path: str
    stamp: str
    next: int = 0
    finished: bool = False


def read(connection: Connection, path: str) -> Progress | None:
    """How far a file was learned; None if never."""
    for stamp, after, finished in EngineRows(connection).rows(_READ, path=path):
        return Progress(path, stamp, after, bool(finished))
    return None


def put(connection: Connection, progress: Progress) -> None:
    """Remember it, in the caller's transaction."""
    row = {"path": progress.path, "stamp": progress.stamp, "next": progress.next, "finished": progress.finished}
    many(connection, _PUT, [row])
