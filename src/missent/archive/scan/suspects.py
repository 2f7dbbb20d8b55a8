"""What may matter: the few people whose mail the second pass judges, found by names and counts alone.

Domains that resemble one this organisation vouches for or converses with, restricted suffixes, what was asked about, and
people written to once who are like somebody written to often. What is not here cannot become an exposure, so it may be
too much and must not be too little.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from fnmatch import translate
from re import compile as regex

from missent.archive.scan.hindsight import Hindsight
from missent.archive.scan.questions import Questions
from missent.checks.display_names import words
from missent.checks.local_parts import Shape, alike, shape
from missent.recipients.history import Contact
from missent.recipients.names import Names
from missent.recipients.register import Register
from missent.recipients.standing import Kind

_SHORTEST = 4
"""Letters of a local part below which it is like nothing (`alike`)."""

_CONVERSED = """
SELECT DISTINCT theirs.domain FROM (SELECT DISTINCT sender FROM mail) JOIN person AS theirs ON theirs.id = sender
WHERE NOT theirs.own
INTERSECT SELECT person.domain FROM person JOIN pair ON pair.rcpt = person.id
  JOIN person AS ours ON ours.id = pair.sender AND ours.own
"""
_OUTSIDE = "SELECT DISTINCT domain FROM person WHERE NOT own ORDER BY domain"
_WROTE_ONCE = """
SELECT pair.sender, ours.local || '@' || ours.domain, pair.rcpt, theirs.local, theirs.domain
FROM pair JOIN person AS ours ON ours.id = pair.sender AND ours.own JOIN person AS theirs ON theirs.id = pair.rcpt
WHERE pair.sent < 3
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
    sender, usual = 0, Usual({})
    for one, key, other, local, domain in db.execute(_WROTE_ONCE):
        if one != sender:
            sender, usual = one, Usual(hindsight.contacts(key))
        if usual.like(f"{local}@{domain}"):
            yield one, other


class Usual:
    """One sender's usual contacts, filed so that those a recipient may be mistaken for are found without looking at all.

    Whatever likeness `missent.checks.local_parts.alike` knows leaves the beginning or the end of a word whole.
    """

    def __init__(self, contacts: Mapping[str, Contact]) -> None:
        self._contacts = contacts
        self._filed: dict[tuple[str, str], set[str]] = {}
        self._named: dict[tuple[str, ...], set[str]] = {}
        for key, contact in contacts.items():
            if contact.sent and contact.sent + contact.received > 1:
                for part in _parts(contact.address.local):
                    self._filed.setdefault((contact.address.domain, part), set()).add(key)
                if name := words(contact.address.name):
                    self._named.setdefault(name, set()).add(key)

    def like(self, key: str) -> bool:
        """Whether somebody may be mistaken for a usual contact: by the local part at one domain, or by name anywhere."""
        contact = self._contacts.get(key)
        if contact is None:
            return False
        if self._named.get(words(contact.address.name), set()) - {key}:
            return True
        local, domain = contact.address.local, contact.address.domain
        typed = shape(local)
        if typed.role or len(typed.stem) < _SHORTEST:
            return False
        near = set[str]().union(*(self._filed.get((domain, part), ()) for part in _parts(local)))
        return any(self._mistaken(typed, other) for other in near - {key})

    def _mistaken(self, typed: Shape, key: str) -> bool:
        address = self._contacts[key].address
        return alike(typed, shape(address.local), named=bool(address.name)) is not None


def _parts(local: str) -> set[str]:
    """Beginnings and ends of a local part's words, and of all of it."""
    typed = shape(local)
    texts = {typed.stem, *typed.words}
    return {f"^{text[:2]}" for text in texts} | {f"{text[-2:]}$" for text in texts} | {f"^{word[:1]}^" for word in typed.words}
