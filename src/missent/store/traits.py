"""The log the recipient model learns from: written with history, in its transaction, and read on from any row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from missent.store.rows import EngineRows, Row, Rows, chunks, many

if TYPE_CHECKING:
    from sqlalchemy import Connection

_AT_ONCE = 500
KEPT = 200_000
"""Rows of the log: older mail has faded from the memory and teaches little."""

_NEW = "INSERT INTO trait (mail, rcpts, score, octets) VALUES (:mail, :rcpts, :score, :octets)"
_TRIM = "DELETE FROM trait WHERE number <= (SELECT max(number) FROM trait) - :kept"
_SELECT = """SELECT t.number, m.at, m.sender, t.rcpts, t.score, t.octets FROM trait t JOIN mail m ON m.id = t.mail
WHERE m.sender IS NOT NULL AND """
_TAIL = _SELECT + "t.number > :after ORDER BY t.number LIMIT :most"
_BY_TIME = (
    _SELECT + "t.number <= :upto AND (m.at > :at OR (m.at = :at AND t.number > :after)) ORDER BY m.at, t.number LIMIT :most"
)
_SCORES = """SELECT a.key, t.score FROM trait t JOIN mail m ON m.id = t.mail JOIN address a ON a.id = m.sender
WHERE t.number > :after AND t.number <= :upto AND t.score IS NOT NULL ORDER BY t.number"""
_LAST = "SELECT coalesce(max(number), 0) FROM trait"
_WHO = """SELECT a.id, a.key, (SELECT n.name FROM name n WHERE n.address = a.id ORDER BY n.first DESC, n.name DESC LIMIT 1)
FROM address a WHERE a.id IN :ids"""
_OF = """SELECT number, rcpts FROM trait WHERE mail IN (SELECT mail FROM letter WHERE rcpt = :id)"""
_OWN = "DELETE FROM trait WHERE mail IN (SELECT mail FROM letter WHERE sender = :id)"
_LESS = "UPDATE trait SET rcpts = :rcpts WHERE number = :number"
_GONE = "DELETE FROM trait WHERE number = :number"


class Told(NamedTuple):
    """One row to be written: a mail's id, its new recipients' ids, traits, score."""

    mail: int
    rcpts: Sequence[int]
    octets: bytes
    score: float | None


class Learned(NamedTuple):
    """One row read: its number, seconds since 1970, address keys, names by key, traits, score."""

    number: int
    at: float
    sender: str
    rcpts: tuple[str, ...]
    names: dict[str, str]
    octets: bytes
    score: float | None


def write(connection: Connection, told: Sequence[Told]) -> None:
    """Write rows for mails that have traits and somebody new; the oldest beyond `KEPT` go."""
    rows = [
        {"mail": one.mail, "rcpts": " ".join(map(str, one.rcpts)), "score": one.score, "octets": one.octets}
        for one in told
        if one.octets and one.rcpts
    ]
    many(connection, _NEW, rows)
    if rows:
        many(connection, _TRIM, [{"kept": KEPT}])


def forget(connection: Connection, address: int) -> None:
    """Remove a person from the log, before history does; the memory made of it is dropped, to be made again."""
    from missent.store import pages

    many(connection, _OWN, [{"id": address}])
    for number, rcpts in EngineRows(connection).rows(_OF, id=address):
        left = " ".join(one for one in rcpts.split() if int(one) != address)
        many(connection, _LESS if left else _GONE, [{"rcpts": left, "number": number} if left else {"number": number}])
    pages.drop(connection, "memory")
    pages.put(connection, "forgotten", b"")


def last(rows: Rows) -> int:
    """The number of the newest row, 0 if there is none."""
    return int(rows.rows(_LAST)[0][0])


def after(rows: Rows, number: int) -> Iterator[Learned]:
    """The log from the row after a number on."""
    while some := rows.rows(_TAIL, after=number, most=_AT_ONCE):
        yield from _told(rows, some)
        number = some[-1][0]


def scores(rows: Rows, after: int, upto: int) -> list[tuple[str, float]]:
    """Who sent mail that was judged, and its score, of the rows after one number up to another."""
    return [(str(row[0]), float(row[1])) for row in rows.rows(_SCORES, after=after, upto=upto)]


def by_time(rows: Rows, upto: int) -> Iterator[Learned]:
    """The log up to a row in the order of the mails' own dates: archives are told mailbox by mailbox."""
    at, number = -1, 0
    while some := rows.rows(_BY_TIME, upto=upto, at=at, after=number, most=_AT_ONCE):
        yield from _told(rows, some)
        number, at = some[-1][0], some[-1][1]


def _told(rows: Rows, some: Sequence[Row]) -> Iterator[Learned]:
    ids = {int(one) for row in some for one in (row[2], *row[3].split())}
    who: dict[int, tuple[str, str]] = {}
    for few in chunks(sorted(ids), _AT_ONCE):
        who |= {id_: (key, name or "") for id_, key, name in rows.rows(_WHO, ids=few)}
    for number, at, sender, rcpts, score, octets in some:
        people = [who[int(one)] for one in rcpts.split() if int(one) in who]
        author = who.get(sender)
        if author and people:
            names = {key: name for key, name in (author, *people) if name}
            keys = tuple(key for key, _ in people)
            yield Learned(number, at / 1e6, author[0], keys, names, bytes(octets), score)
