"""Removing one person from history, on their demand or the law's.

What tells of the person goes: address, names, letters, pairs, traits of mail with nobody else, decisions about them, and
the recipient model's memory, which is learned again from what is left. What tells of no one stays:
how many mails a domain sent and got, and that it answers. The mails they wrote or got stay as bare digests, closed to
copies, so that learning an old mailbox again does not bring the person back.
"""

from typing import Any

from sqlalchemy import Connection, text

from missent.nouns.address import Address
from missent.store import traits

_WHO = "SELECT id, domain FROM address WHERE key = :key"

_CLOSE = (
    "UPDATE mail SET closed = TRUE WHERE id IN (SELECT mail FROM letter WHERE rcpt = :id)",
    "UPDATE mail SET closed = TRUE, sender = NULL WHERE id IN (SELECT mail FROM letter WHERE sender = :id)",
)
_REMOVE = (
    "DELETE FROM letter WHERE sender = :id",
    "DELETE FROM letter WHERE rcpt = :id",
    "DELETE FROM pair WHERE other = :id AND domain = :domain AND owner IN (SELECT p.other FROM pair p WHERE p.owner = :id)",
    "DELETE FROM pair WHERE owner = :id",
    "DELETE FROM name WHERE address = :id",
    "DELETE FROM address WHERE id = :id",
    "DELETE FROM confirmation WHERE sender = :key OR address = :key",
    "DELETE FROM correction WHERE wrong = :key OR right_address = :key",
)
_UNALIAS = "DELETE FROM alias WHERE address = :id"


def forget(connection: Connection, address: Address) -> int:
    """Remove an address in the caller's transaction; returns how many rows went."""
    found = connection.execute(text(_WHO), {"key": address.key}).one_or_none()
    who: dict[str, Any] = {"key": address.key, "id": found[0] if found else None, "domain": found[1] if found else None}
    if found:
        traits.forget(connection, found[0])
    for sql in (*_CLOSE, _UNALIAS):
        _run(connection, sql, who)
    return sum(_run(connection, sql, who) for sql in _REMOVE)


def _run(connection: Connection, sql: str, who: dict[str, Any]) -> int:
    return connection.execute(text(sql), {name: value for name, value in who.items() if f":{name}" in sql}).rowcount
