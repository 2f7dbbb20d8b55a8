"""What may matter: the few people whose mail the second pass judges, found by names and counts alone.

Domains that resemble one this organisation vouches for or converses with, restricted suffixes, what was asked about, and
people written to once who are like somebody written to often. What is not here cannot become an exposure, so it may be
too much and must not be too little.
"""

import sqlite3
from collections.abc import Iterator
from fnmatch import translate
from re import compile as regex

from missent.archive.scan.hindsight import Hindsight
from missent.archive.scan.questions import Questions
from missent.checks.circle import Circle
from missent.checks.display_names import words
from missent.checks.local_parts import alike, shape
from missent.nouns.address import Address
from missent.recipients.history import Contact
from missent.recipients.names import Names
from missent.recipients.register import Register
from missent.recipients.standing import Kind

_CONVERSED = """
SELECT DISTINCT theirs.domain FROM (SELECT DISTINCT sender FROM mail) JOIN person AS theirs ON theirs.id = sender
WHERE NOT theirs.own
INTERSECT SELECT person.domain FROM person JOIN pair ON pair.rcpt = person.id
  JOIN person AS ours ON ours.id = pair.sender AND ours.own
"""
_OUTSIDE = "SELECT DISTINCT domain FROM person WHERE NOT own ORDER BY domain"
_WROTE_ONCE = """
SELECT pair.sender, pair.rcpt FROM pair JOIN person AS ours ON ours.id = pair.sender AND ours.own WHERE pair.sent < 3
  AND NOT EXISTS (SELECT 1 FROM pair AS back WHERE back.sender = pair.rcpt AND back.rcpt = pair.sender)
ORDER BY pair.sender, pair.rcpt
"""


def names_of(db: sqlite3.Connection, given: Names, hindsight: Hindsight) -> dict[str, bool]:
    """Establish what the suspicious domains are compared with: domain -> whether it resembles anything, all outside ones.

    `given` learns the established domains that outside domains resemble, and only these.
    """
    conversed = [domain for (domain,) in db.execute(_CONVERSED)]
    for domain in conversed:
        given.add(domain, Kind.ESTABLISHED)
    outside = [domain for (domain,) in db.execute(_OUTSIDE)]
    involved = {one.known for domain in outside for one in given.resembling(domain) if one.kind is Kind.ESTABLISHED}
    for domain in conversed:
        if domain not in involved or not hindsight.is_established(domain):
            given.remove(domain, Kind.ESTABLISHED)
    return {domain: bool(given.resembling(domain)) for domain in outside}


def people(db: sqlite3.Connection, resembling: dict[str, bool], register: Register, questions: Questions) -> Iterator[int]:
    """Numbers of everybody whose mail is judged, some perhaps twice."""
    if questions.select:
        yield from _selected(db, questions)
        return
    for domain, resembles in resembling.items():
        if resembles or register.restriction(domain):
            yield from (person for (person,) in db.execute("SELECT id FROM person WHERE domain = ?", (domain,)))


def _selected(db: sqlite3.Connection, questions: Questions) -> Iterator[int]:
    domains = [regex(translate(glob)) for glob in questions.domains]
    rcpts = [regex(translate(glob)) for glob in questions.rcpts]
    for person, local, domain in db.execute("SELECT id, local, domain FROM person ORDER BY id"):
        if any(glob.match(domain) for glob in domains) or any(glob.match(f"{local}@{domain}") for glob in rcpts):
            yield person


def wrong_persons(db: sqlite3.Connection, hindsight: Hindsight) -> Iterator[tuple[int, int]]:
    """Pairs of an own sender and somebody written to once or twice who is like a usual contact of the sender's."""
    sender, circle, named = 0, Circle({}, ()), frozenset[tuple[str, ...]]()
    key, everyone = "", dict[str, Contact]()
    for one, other in db.execute(_WROTE_ONCE):
        if one != sender:
            sender, key = one, _key(db, one)
            everyone = hindsight.contacts(key)
            circle = Circle(everyone, {key})
            named = frozenset(words(c.address.name) for c in everyone.values() if c.sent + c.received > 1) - {()}
        contact = everyone.get(_key(db, other))
        if contact and _is_like(contact.address, circle, named, everyone):
            yield one, other


def _is_like(rcpt: Address, circle: Circle, named: frozenset[tuple[str, ...]], everyone: dict[str, Contact]) -> bool:
    if rcpt.name and words(rcpt.name) in named and _another(rcpt, everyone):
        return True
    typed = shape(rcpt.local)
    near = circle.written_like(typed, rcpt.domain)
    return any(key != rcpt.key and alike(typed, shape(c.address.local), named=bool(c.address.name)) for key, c in near.items())


def _another(rcpt: Address, everyone: dict[str, Contact]) -> bool:
    wanted = words(rcpt.name)
    return any(c.address.key != rcpt.key and words(c.address.name) == wanted for c in everyone.values())


def _key(db: sqlite3.Connection, person: int) -> str:
    row = db.execute("SELECT local, domain FROM person WHERE id = ?", (person,)).fetchone()
    return f"{row[0]}@{row[1]}" if row else ""
