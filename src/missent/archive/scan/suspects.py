"""What may matter: the few people whose mail the second pass judges, found by names and counts alone.

Domains that resemble one this organisation vouches for or converses with, restricted suffixes, what was asked about, and
people written to once who are like somebody written to often. What is not here cannot become an exposure, so it may be
too much and must not be too little.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import translate
from functools import lru_cache
from re import compile as regex

from missent.archive.scan.hindsight import Hindsight
from missent.archive.scan.questions import Questions
from missent.checks.display_names import words
from missent.checks.local_parts import alike, shape
from missent.recipients.history import Contact

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
SELECT ours.local || '@' || ours.domain, pair.rcpt, theirs.local, theirs.domain
FROM pair JOIN person AS ours ON ours.id = pair.sender JOIN person AS theirs ON theirs.id = pair.rcpt
WHERE pair.sender = ? AND pair.sent < 3
  AND NOT EXISTS (SELECT 1 FROM pair AS back WHERE back.sender = pair.rcpt AND back.rcpt = pair.sender)
ORDER BY pair.rcpt
"""
_SENDERS = """
SELECT sender, count(*) FROM pair JOIN person ON person.id = sender AND person.own GROUP BY sender ORDER BY sender
"""


def conversed(db: sqlite3.Connection) -> Iterator[tuple[str]]:
    """Domains from which somebody wrote, and to which one of ours did: what is a row of its own each."""
    return db.execute(_CONVERSED)


def outside(db: sqlite3.Connection) -> Iterator[str]:
    """All domains that are not ours, in order."""
    yield from (domain for (domain,) in db.execute(_OUTSIDE))


def senders(db: sqlite3.Connection) -> Iterator[tuple[int, int]]:
    """Our people who wrote, and to how many."""
    return db.execute(_SENDERS)


def people_at(db: sqlite3.Connection, domains: Iterable[str]) -> Iterator[int]:
    """Numbers of everybody at these domains."""
    for domain in domains:
        yield from (person for (person,) in db.execute("SELECT id FROM person WHERE domain = ?", (domain,)))


def selected(db: sqlite3.Connection, questions: Questions) -> Iterator[int]:
    """Numbers of everybody who was asked about."""
    domains = [regex(translate(glob)) for glob in questions.domains]
    rcpts = [regex(translate(glob)) for glob in questions.rcpts]
    for person, local, domain in db.execute("SELECT id, local, domain FROM person ORDER BY id"):
        if any(glob.match(domain) for glob in domains) or any(glob.match(f"{local}@{domain}") for glob in rcpts):
            yield person


def wrong_persons(db: sqlite3.Connection, hindsight: Hindsight, sender: int) -> Iterator[tuple[int, int]]:
    """Pairs of an own sender and somebody written to once or twice who is like a usual contact of the sender's."""
    usual: Usual | None = None
    for key, other, local, domain in db.execute(_WROTE_ONCE, (sender,)):
        usual = usual or Usual(hindsight.contacts(key))
        if usual.like(f"{local}@{domain}"):
            yield sender, other


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
        others = (self._contacts[other].address for other in near - {key})
        return any(_mistaken(local, other.local, bool(other.name)) for other in others)


@lru_cache(maxsize=1 << 16)
def _mistaken(local: str, usual: str, named: bool) -> bool:  # noqa: FBT001 - colleagues share their contacts: asked again and again
    return alike(shape(local), shape(usual), named=named) is not None


def _parts(local: str) -> set[str]:
    """Beginnings and ends of a local part's words, and of all of it."""
    typed = shape(local)
    texts = {typed.stem, *typed.words}
    return {f"^{text[:2]}" for text in texts} | {f"{text[-2:]}$" for text in texts} | {f"^{word[:1]}^" for word in typed.words}
