"""Which organisations had a file, by its keyed hashes: written as mail is learned, bounded, read as of a moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from missent.nouns.sighting import Sighting
from missent.recipients import remembering as rules
from missent.recipients.remembering import Here, micros
from missent.store.rows import Rows, chunks, many

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST = 500_000
"""Rows kept, about 50 MB; the ones longest not seen go first."""

_PUT = """INSERT INTO carried (mark, organisation, first, last) VALUES (:mark, :organisation, :at, :at)
ON CONFLICT (mark, organisation) DO UPDATE SET
first = CASE WHEN excluded.first < carried.first THEN excluded.first ELSE carried.first END,
last = CASE WHEN excluded.last > carried.last THEN excluded.last ELSE carried.last END"""
_PRUNE = "DELETE FROM carried WHERE last < (SELECT last FROM carried ORDER BY last DESC LIMIT 1 OFFSET :most)"
_READ = "SELECT mark, organisation FROM carried WHERE mark IN :marks AND first < :at"
_AT_ONCE = 500


def put(connection: Connection, sightings: Iterable[Sighting], here: Here) -> None:
    """Remember the files of some mails in the caller's transaction."""
    rows = [
        (mark, organisation, micros(sighting.at))
        for sighting in sightings
        for organisation in rules.carriers(sighting, here)
        for mark in sighting.marks
    ]
    if rows:
        many(connection, _PUT, [dict(zip(("mark", "organisation", "at"), row, strict=True)) for row in rows])
        from sqlalchemy import text  # what only reads does without it

        if any(mark[0] == 0 for mark, _, _ in rows):  # now and then: hashes are evenly spread
            connection.execute(text(_PRUNE), {"most": MOST})


def read(rows: Rows, marks: tuple[bytes, ...], at: int) -> Mapping[bytes, frozenset[str]]:
    """By mark, the organisations that had such a file before a moment (microseconds)."""
    found: dict[bytes, set[str]] = {}
    for some in chunks(list(marks), _AT_ONCE):
        for mark, organisation in rows.rows(_READ, marks=some, at=at):
            found.setdefault(bytes(mark), set()).add(organisation)
    return {mark: frozenset(organisations) for mark, organisations in found.items()}
