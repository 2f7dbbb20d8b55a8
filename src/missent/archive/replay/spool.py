"""Past mail put in the order of time, each mail once, on disk: a replay must know at each message only what came before.

Mailboxes are not in order, and a packed one cannot be entered in the middle, so all mail is copied once, packed, into a
file that is read by date.
"""

import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from missent.archive.readers import Source
from missent.archive.scan.glance import Glancer
from missent.archive.scan.moments import UNKNOWN
from missent.archive.scan.state import connected, together
from missent.errors import ConfigError
from missent.nouns.verdict import Skipped

MOST = 500_000
"""Messages of one replay: history lives in memory, some 3 kB a message."""

_BATCH = 500
_SCHEMA = """
CREATE TABLE mail(one INTEGER PRIMARY KEY, same INTEGER, at INTEGER, rcpts INTEGER, raw BLOB);
CREATE INDEX mail_same ON mail(same, rcpts, one, at);
"""
_PUT = """
INSERT INTO mail VALUES (?, ?, ?, ?, ?) ON CONFLICT(one) DO UPDATE
  SET same = excluded.same, at = excluded.at, rcpts = excluded.rcpts, raw = excluded.raw
  WHERE (excluded.rcpts, excluded.same) > (mail.rcpts, mail.same)
"""
_IN_ORDER = """
SELECT mail.at, raw FROM (SELECT one, row_number() OVER (PARTITION BY same ORDER BY rcpts DESC, one) AS n FROM mail) AS best
  JOIN mail ON mail.one = best.one WHERE n = 1 ORDER BY mail.at, mail.one
"""


_Row = tuple[int, int, int, int, bytes]


class Within(NamedTuple):
    """The time asked about; `until` is not within."""

    since: datetime | None = None
    until: datetime | None = None


class Spooled(NamedTuple):
    """What was spooled: distinct messages, copies of them, and what could not be read or has no date."""

    messages: int
    copies: int
    undated: int
    skipped: list[Skipped]


def spool(found: Iterable[Source], path: Path, within: Within, show: Callable[[int], None] = lambda _: None) -> Spooled:
    """Copy all mail of these sources up to the end of the time asked about: what came before it is learned.

    Raises ConfigError if it is more than `MOST`, sqlite3.Error if the disk is full.
    """
    glancer = Glancer(lambda _: False)
    until = int(within.until.timestamp()) if within.until else None
    copies = undated = kept = 0
    skipped: list[Skipped] = []
    rows: list[_Row] = []
    with connected(path) as db:
        db.executescript(_SCHEMA)
        for item in (item for source in found if not source.is_log for item in source.items()):
            if isinstance(item, Skipped):
                skipped.append(item)
                continue
            copies += 1
            glance = glancer.look(item.raw)
            undated += glance.at == UNKNOWN
            if glance.at != UNKNOWN and (until is None or glance.at < until):
                rows.append((glance.one, glance.same, glance.at, len(glance.rcpts), zlib.compress(item.raw, 1)))
            if len(rows) >= _BATCH:
                kept = _keep(db, rows, kept)
                show(copies)
        _keep(db, rows, kept)
        kept = db.execute("SELECT count(DISTINCT same) FROM mail").fetchone()[0]
    return Spooled(kept, copies, undated, skipped)


def in_order(path: Path) -> Iterator[tuple[datetime, bytes]]:
    """Date and octets of each, the oldest first; of several copies the one that shows most recipients."""
    with connected(path, read_only=True) as db:
        for at, raw in db.execute(_IN_ORDER):
            yield datetime.fromtimestamp(at, UTC), zlib.decompress(raw)


def _keep(db: sqlite3.Connection, rows: list[_Row], kept: int) -> int:
    with together(db):
        db.executemany(_PUT, rows)
        kept = db.execute("SELECT count(*) FROM mail").fetchone()[0] if kept + len(rows) > MOST else kept + len(rows)
    rows.clear()
    if kept > MOST:
        raise ConfigError(f"more than {MOST:,} messages to replay: give fewer sources, or an earlier --until")
    return kept
