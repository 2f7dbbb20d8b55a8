"""Which message bore which marking, by the hash of its Message-ID: bounded, read for the messages a thread refers to."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from missent.nouns.sighting import Sighting
from missent.nouns.verdict import Marking
from missent.recipients.remembering import digest, micros
from missent.store.rows import Rows, many

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST = 200_000
"""Messages kept; the oldest go first."""

_PUT = """INSERT INTO marked (message_id, scheme, level, controls, text, at)
VALUES (:message_id, :scheme, :level, :controls, :text, :at) ON CONFLICT (message_id) DO NOTHING"""
_PRUNE = "DELETE FROM marked WHERE at < (SELECT at FROM marked ORDER BY at DESC LIMIT 1 OFFSET :most)"
_READ = "SELECT scheme, level, controls, text FROM marked WHERE message_id IN :thread AND at < :at ORDER BY at DESC"


def put(connection: Connection, sightings: Iterable[Sighting]) -> None:
    """Remember the markings of some mails in the caller's transaction; of one mail the first that was told stays."""
    rows = [
        {
            "message_id": digest(s.message_id),
            "scheme": s.marking.scheme,
            "level": s.marking.level,
            "controls": json.dumps(s.marking.controls),
            "text": s.marking.text,
            "at": micros(s.at),
        }
        for s in sightings
        if s.marking and s.message_id
    ]
    if rows:
        many(connection, _PUT, rows)
        if any(row["message_id"][0] == 0 for row in rows):  # type: ignore[index]  # now and then: hashes are evenly spread
            from sqlalchemy import text  # what only reads does without it

            connection.execute(text(_PRUNE), {"most": MOST})


def read(rows: Rows, references: Iterable[str], at: int) -> tuple[Marking, ...]:
    """Markings of the messages referred to that were seen before a moment (microseconds), newest first."""
    thread = [digest(reference) for reference in references]
    found = rows.rows(_READ, thread=thread, at=at) if thread else []
    return tuple(Marking(scheme, level, tuple(json.loads(controls)), text, "thread") for scheme, level, controls, text in found)
