"""Which mail answers mail from here, and which domains that establishes (`missent.recipients.remembering` defines both)."""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any

from sqlalchemy import Connection

from missent.recipients.remembering import DAY
from missent.store.rows import EngineRows, chunks, many

_AT_ONCE = 500


class Role(IntEnum):
    """What a mail can do towards standing: nothing, be answered, or be an answer."""

    NONE = 0
    ASKS = 1
    ANSWERS = 2


_REFERRING = "SELECT r.mail FROM mail m JOIN reference r ON r.message_id = m.message_id WHERE m.id IN :ids"
_LATER = """SELECT DISTINCT back.mail FROM letter l
JOIN letter back ON back.sender = l.rcpt AND back.rcpt = l.sender AND back.at > l.at
JOIN mail r ON r.id = back.mail AND NOT r.refers AND r.answers IS NULL WHERE l.mail IN :ids AND l.rcpt IN :outside"""

_CANDIDATES = f"""SELECT r.id, r.at, r.refers, r.answers, d.id, o.id FROM mail r JOIN address a ON a.id = r.sender
JOIN domain d ON d.id = a.domain JOIN domain o ON o.name = d.organisation
WHERE r.id IN :ids AND r.role = {Role.ANSWERS:d} AND NOT r.closed"""
_BY_REFERENCE = f"""SELECT f.mail, min(m.at) FROM reference f
JOIN mail r ON r.id = f.mail JOIN address ra ON ra.id = r.sender JOIN domain rd ON rd.id = ra.domain
JOIN mail m ON m.message_id = f.message_id AND m.role = {Role.ASKS:d} AND m.sender IS NOT NULL
JOIN letter l ON l.mail = m.id JOIN address a ON a.id = l.rcpt JOIN domain d ON d.id = a.domain
WHERE f.mail IN :ids AND d.organisation = rd.organisation GROUP BY f.mail"""
_BY_ADDRESS = f"""SELECT DISTINCT back.mail FROM letter back WHERE back.mail IN :ids AND EXISTS
(SELECT 1 FROM letter l JOIN mail m ON m.id = l.mail AND m.role = {Role.ASKS:d}
 WHERE l.sender = back.rcpt AND l.rcpt = back.sender AND l.at < back.at)"""

_MARK = "UPDATE mail SET answers = :now WHERE id = :mail"
_DROP = "DELETE FROM answer WHERE domain = :domain AND at = :was AND mail = :mail"
_ENTER = "INSERT INTO answer (domain, at, mail) VALUES (:domain, :now, :mail) ON CONFLICT DO NOTHING"
_ESTABLISH = f"""UPDATE domain SET established = (SELECT min(x.at) FROM answer x WHERE x.domain = :domain AND x.at >=
  ((SELECT min(y.at) FROM answer y WHERE y.domain = :domain) / {DAY} + 1) * {DAY}) WHERE id = :domain"""


def find(connection: Connection, asking: Mapping[int, list[int]], answering: Iterable[int]) -> None:
    """Look anew at mails that may answer, and at those that may answer one of `asking` (mail -> its recipients elsewhere)."""
    rows = EngineRows(connection)
    touched = set(answering)
    for some in chunks([mail for mail, outside in asking.items() if outside], _AT_ONCE):
        touched |= {mail for (mail,) in rows.rows(_REFERRING, ids=some)}
        outside = {rcpt for mail in some for rcpt in asking[mail]}
        touched |= {mail for (mail,) in rows.rows(_LATER, ids=some, outside=outside)}
    changes: list[dict[str, Any]] = []
    for some in chunks(sorted(touched), _AT_ONCE):
        changes += _changes(rows, some)
    many(connection, _MARK, [change for change in changes if change["domain"] == change["of"]])
    many(connection, _DROP, [change for change in changes if change["was"] is not None])
    many(connection, _ENTER, [change for change in changes if change["now"] is not None])
    many(connection, _ESTABLISH, [{"domain": domain} for domain in sorted({change["domain"] for change in changes})])


def _changes(rows: EngineRows, mails: Iterable[int]) -> list[dict[str, Any]]:
    """What is to change in `answer`: one entry each for the author's mail domain and, if another, its registrable domain."""
    candidates = rows.rows(_CANDIDATES, ids=list(mails))
    by_reference = {row[0]: row[1] for row in rows.rows(_BY_REFERENCE, ids=[r[0] for r in candidates if r[2]])}
    by_address = {mail for (mail,) in rows.rows(_BY_ADDRESS, ids=[r[0] for r in candidates if not r[2]])}
    changes = []
    for mail, at, _, was, domain, organisation in candidates:
        now = at if mail in by_address else max(at, by_reference[mail]) if mail in by_reference else None
        if now != was:
            changes += [{"mail": mail, "was": was, "now": now, "domain": d, "of": domain} for d in {domain, organisation}]
    return changes
