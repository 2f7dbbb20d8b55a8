"""Handovers on disk: what grows with the logs lies in one SQLite file, which several processes can read.

First everything is taken in, in any order; then `settle` joins what the files could not know of each other (a message
queued in yesterday's file, delivered in today's) and counts who takes mail for whom. Addresses and hosts are kept as keys
that compare; the log's own words stand beside them.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

from missent.archive.logs.handover import Handover, Queued
from missent.nouns.address import Address

_TABLES = """
CREATE TABLE handover (
  id INTEGER PRIMARY KEY, at REAL, host TEXT, queue_id TEXT, message_id TEXT, sender TEXT, rcpt TEXT, orig_rcpt TEXT,
  relay_host TEXT, relay_ip TEXT, dsn TEXT, status TEXT, response TEXT, next_queue_id TEXT, place TEXT, sure INTEGER,
  rcpt_key TEXT, orig_key TEXT, rcpt_site TEXT, relay_site TEXT);
CREATE TABLE queued (at REAL, host TEXT, queue_id TEXT, message_id TEXT, sender TEXT);
CREATE TABLE takes (relay_site TEXT PRIMARY KEY, sites INTEGER);
CREATE TABLE direct (host TEXT PRIMARY KEY, sites INTEGER);
CREATE TABLE writer (host TEXT PRIMARY KEY);
"""
_PUT = f"INSERT INTO handover VALUES (NULL{', ?' * 19})"
_ADD = """
BEGIN;
INSERT INTO handover SELECT NULL, at, host, queue_id, message_id, sender, rcpt, orig_rcpt, relay_host, relay_ip, dsn, status,
  response, next_queue_id, place, sure, rcpt_key, orig_key, rcpt_site, relay_site FROM part.handover ORDER BY id;
INSERT INTO queued SELECT * FROM part.queued ORDER BY rowid;
COMMIT;
DETACH part;
"""
_SETTLE = """
CREATE INDEX queued_by ON queued (queue_id, host, at);
UPDATE handover SET (message_id, sender) = (
  SELECT q.message_id, q.sender FROM queued AS q
  WHERE q.queue_id = handover.queue_id AND q.host = handover.host AND q.at <= handover.at ORDER BY q.at DESC LIMIT 1)
WHERE message_id = '' AND EXISTS (
  SELECT 1 FROM queued AS q WHERE q.queue_id = handover.queue_id AND q.host = handover.host AND q.at <= handover.at);
CREATE INDEX by_message ON handover (message_id, host, queue_id, at);
CREATE INDEX by_queue ON handover (queue_id, at);
CREATE INDEX by_rcpt ON handover (rcpt_key, at);
INSERT INTO writer SELECT DISTINCT lower(host) FROM handover WHERE host <> '';
INSERT INTO takes SELECT relay_site, count(DISTINCT rcpt_site) FROM handover WHERE status = 'sent' GROUP BY relay_site;
INSERT INTO direct SELECT host, count(DISTINCT rcpt_site) FROM handover
  WHERE status = 'sent' AND relay_site = rcpt_site GROUP BY host;
"""
_BATCH = 20_000
_FIELDS = ", ".join(Handover._fields).replace("where", "place")


class Ledger:
    """One file of handovers, being written. `site` makes the registrable domain of a host or domain."""

    def __init__(self, path: Path, site: Callable[[str], str]) -> None:
        self._rows = sqlite3.connect(path, isolation_level=None)
        self._rows.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
        self._site = lru_cache(100_000)(site)
        self._key = lru_cache(100_000)(_key)

    def take(self, told: Iterable[Handover | Queued]) -> None:
        """Take in what logs tell, in any order and in bounded memory."""
        told = iter(told)
        while batch := list(islice(told, _BATCH)):
            self._rows.execute("BEGIN")
            self._rows.executemany(_PUT, (self._row(one) for one in batch if isinstance(one, Handover)))
            waiting = (one for one in batch if isinstance(one, Queued))
            self._rows.executemany("INSERT INTO queued VALUES (?, ?, ?, ?, ?)", waiting)
            self._rows.execute("COMMIT")

    def add(self, part: Path) -> None:
        """Take in what another ledger took, as if it were told now."""
        self._rows.execute("ATTACH ? AS part", (str(part),))
        self._rows.executescript(_ADD)

    def close(self) -> None:
        """Leave it for another ledger to add: no indexes are made."""
        self._rows.close()

    def settle(self) -> None:
        """Join the files, make the indexes, count habits. Nothing is taken afterwards."""
        self._rows.executescript(_SETTLE)
        self._rows.close()

    def _row(self, one: Handover) -> tuple[object, ...]:
        rcpt = self._key(one.rcpt)
        orig = self._key(one.orig_rcpt) if one.orig_rcpt else ""
        site = self._site((orig or rcpt).rpartition("@")[2])
        return (*one, rcpt, orig, site, self._site(one.relay_host.lower().rstrip(".")) if one.relay_host else "")


class Settled:
    """A settled ledger, read; every process opens its own."""

    def __init__(self, path: Path) -> None:
        self._rows = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)

    def of_message(self, message_id: str) -> list[Handover]:
        """Every handover of a Message-ID, in order of time."""
        return self._read("message_id = ? ORDER BY at", message_id)

    def of_queue(self, queue_id: str, since: float, until: float) -> list[Handover]:
        """Handovers under a queue name between two times, from any host."""
        return self._read("queue_id = ? AND at BETWEEN ? AND ? ORDER BY at", queue_id, since, until)

    def of_rcpt(self, rcpt: str, since: float, until: float) -> list[Handover]:
        """Handovers for a recipient's key between two times."""
        return self._read("rcpt_key = ? AND at BETWEEN ? AND ? ORDER BY at", rcpt, since, until)

    def by_message(self) -> Iterator[Handover]:
        """All handovers, those of a message together, in order of time."""
        for row in self._rows.execute(f"SELECT {_FIELDS} FROM handover ORDER BY message_id, host, queue_id, at"):
            yield _handover(row)

    def habits(self) -> tuple[dict[str, int], dict[str, int], frozenset[str]]:
        """Sites each answering site took mail for, sites each writer delivered to directly, and the writers."""
        read = self._rows.execute
        writers = frozenset(host for (host,) in read("SELECT host FROM writer"))
        return dict(read("SELECT * FROM takes").fetchall()), dict(read("SELECT * FROM direct").fetchall()), writers

    def close(self) -> None:
        """Let go of the file."""
        self._rows.close()

    def _read(self, where: str, *values: object) -> list[Handover]:
        return [_handover(row) for row in self._rows.execute(f"SELECT {_FIELDS} FROM handover WHERE {where}", values)]


def _handover(row: tuple[object, ...]) -> Handover:
    return Handover._make(row)._replace(sure=bool(row[-1]))


def _key(address: str) -> str:
    return Address.parse(address).key
