"""History looking back: everything in the archive, before and after a message, less the message itself.

The same questions and answers as `missent.recipients.history`, so that the engine that judges new mail judges old mail.
Two things differ from history as of a moment: a conversation found at any time acquits, and a mail does not vouch for its
own recipients. Answers count by the rules of `missent.recipients.remembering`.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from itertools import product

from missent.archive.scan.digests import of_text
from missent.nouns.address import Address
from missent.recipients.history import Contact, DomainFacts, Known, NoHistory, Question
from missent.recipients.likeness import likeness_keys
from missent.recipients.names import Names
from missent.recipients.remembering import MOST_CONTACTS, SAMPLE

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
"""Since when a domain counts as established that ever was: looking back, its standing holds for all of the archive."""

_CONTACTS = """
SELECT person.id, local, domain, (SELECT min(name) FROM name WHERE name.person = person.id), sum(sent), sum(received),
  min(first), max(last)
FROM (SELECT rcpt AS id, sent, 0 AS received, first, last FROM pair WHERE sender = :who
  UNION ALL SELECT sender, 0, sent, first, last FROM pair WHERE rcpt = :who) AS dealt JOIN person USING (id) GROUP BY person.id
ORDER BY sum(sent) + sum(received) DESC, person.id LIMIT :most
"""

_ANSWERS = """(SELECT mail.id, mail.at, person.id AS person FROM person
  JOIN mail ON mail.sender = person.id AND mail.person AND mail.at >= 0 WHERE person.domain = :domain LIMIT :most)"""

_ANSWERED_BY_REFERENCE = f"""
SELECT DISTINCT max(answer.at, asked.at) / 86400 FROM {_ANSWERS} AS answer
  JOIN ref ON ref.mail = answer.id
  JOIN copy ON copy.message_id = ref.ref AND copy.message_id != 0
  JOIN mail AS asked ON asked.id = copy.mail AND asked.own AND asked.person
WHERE EXISTS (SELECT 1 FROM rcpt JOIN person AS p ON p.id = rcpt.person WHERE rcpt.mail = answer.id AND p.own)
  AND EXISTS (SELECT 1 FROM rcpt JOIN person AS p ON p.id = rcpt.person WHERE rcpt.mail = asked.id
    AND (p.domain = :organisation OR p.domain LIKE :below))
LIMIT 2
"""  # noqa: S608 - our own

_ANSWERED_WITHOUT = f"""
SELECT DISTINCT answer.at / 86400 FROM {_ANSWERS} AS answer
  JOIN rcpt ON rcpt.mail = answer.id JOIN person AS here ON here.id = rcpt.person AND here.own
  JOIN pair ON pair.sender = rcpt.person AND pair.rcpt = answer.person AND pair.asked < answer.at
WHERE NOT EXISTS (SELECT 1 FROM ref WHERE ref.mail = answer.id) LIMIT 2
"""  # noqa: S608 - our own

_FEW, _ALL = 2_000, -1
"""Mails of a domain looked at first: nearly always they tell, and some domains have millions."""

_SENT = """SELECT count(*) FROM (SELECT DISTINCT mail.id FROM person JOIN rcpt ON rcpt.person = person.id
  JOIN mail ON mail.id = rcpt.mail AND mail.own WHERE person.domain = ? LIMIT 20000)"""
_RECEIVED = (
    """SELECT count(*) FROM (SELECT 1 FROM person JOIN mail ON mail.sender = person.id WHERE person.domain = ? LIMIT 20000)"""
)
_ELSEWHERE = """SELECT (SELECT count(*) FROM (SELECT 1 FROM rcpt WHERE person = ?1 LIMIT 2)),
  EXISTS(SELECT 1 FROM mail WHERE sender = ?1)"""
_SAMPLE = "SELECT id, local FROM person WHERE domain = ? ORDER BY local LIMIT ?"


class Hindsight(NoHistory):
    """History over the joined facts of a scan.

    Attributes:
        elsewhere: domains that the organisation's own history, or an earlier look at this archive, knows as established.
        but: the mail being judged and the numbers of its recipients: what it alone tells does not speak for it.
    """

    def __init__(self, db: sqlite3.Connection, names: Names, elsewhere: frozenset[str] = frozenset()) -> None:
        self._db = db
        self._elsewhere = elsewhere
        self._asked: set[str] = set()
        self._names = names
        self.but: tuple[str, frozenset[int]] = ("", frozenset())
        self.contacts = lru_cache(maxsize=64)(self._contacts_of)
        self._facts = lru_cache(maxsize=4096)(self._counts_of)
        self.days = lru_cache(maxsize=65_536)(self._days)

    def known(self, question: Question) -> Known:
        """Everything the checks may want to know."""
        sender = question.sender.key if question.sender else ""
        contacts = self._near(sender, question)
        domains = {name: self._domain(name, question) for name in question.domains}
        return Known(contacts, {name: facts for name, facts in domains.items() if facts != DomainFacts()}, wrote=bool(contacts))

    def established(self) -> Mapping[str, datetime]:
        """Not asked as a whole: `missent.archive.scan.suspects` asks about the domains that matter."""
        return {}

    def is_established(self, domain: str) -> bool:
        """Whether people there answered mail from here on two distinct days, whenever that was."""
        self._asked.add(domain)
        return domain in self._elsewhere or len(self.days(domain)) > 1

    def known_established(self) -> frozenset[str]:
        """Domains asked about so far that are established."""
        return frozenset(domain for domain in self._asked if self.is_established(domain))

    def answered(self, domain: str, key: str) -> bool:
        """Whether anybody at the domain ever wrote to somebody here, or this very person to anyone."""
        return self._facts(domain)[1] > 0 or self._wrote(of_text(key))

    def _wrote(self, person: int) -> bool:
        return self._db.execute("SELECT 1 FROM mail WHERE sender = ? AND person LIMIT 1", (person,)).fetchone() is not None

    def _days(self, domain: str) -> frozenset[int]:
        """Distinct days with an answer, two at most."""
        organisation = self._names.registrable(domain) or domain
        days: set[int] = set()
        for most, query in product((_FEW, _ALL), (_ANSWERED_BY_REFERENCE, _ANSWERED_WITHOUT)):
            named = {"domain": domain, "organisation": organisation, "below": f"%.{organisation}", "most": most}
            days.update(day for (day,) in self._db.execute(query, named))
            if len(days) > 1:
                break
        if len(days) < 2 and organisation == domain:
            below = self._db.execute("SELECT name FROM domain WHERE name LIKE ? LIMIT 200", (f"%.{domain}",)).fetchall()
            days = days.union(*(self.days(name) for (name,) in below))
        return frozenset(sorted(days)[:2])

    def _near(self, sender: str, question: Question) -> dict[str, Contact]:
        """The sender's contacts near the recipients, in what they had to do with each other beside this mail."""
        wanted = {a.key for a in question.rcpts}
        keys = frozenset().union(*map(likeness_keys, question.rcpts))
        found = {}
        for key, contact in self.contacts(sender).items():
            if key in wanted or contact.address.domain in question.domains or keys & likeness_keys(contact.address):
                mine = self._without(key, contact) if sender == self.but[0] else contact
                if mine.sent or mine.received:
                    found[key] = mine
        return found

    def _without(self, key: str, contact: Contact) -> Contact:
        if of_text(key) not in self.but[1]:
            return contact
        return Contact(contact.address, contact.sent - 1, contact.received, contact.first, contact.last)

    def _contacts_of(self, sender: str) -> dict[str, Contact]:
        rows = self._db.execute(_CONTACTS, {"who": of_text(sender), "most": MOST_CONTACTS})
        found: dict[str, Contact] = {}
        for _, local, domain, name, sent, received, first, last in rows:
            address = Address(local, domain, name or "")
            found[address.key] = Contact(address, sent, received, _moment(first), _moment(last))
        return found

    def _domain(self, name: str, question: Question) -> DomainFacts:
        sent, received = self._facts(name)
        if not (sent or received):
            return DomainFacts()
        mine = any(a.domain == name for a in question.rcpts) and bool(self.but[1])
        people = self._people(name, question)
        names = self._display_names(people)
        established = ALWAYS if self.is_established(name) else None
        return DomainFacts(established, max(0, sent - mine), received, frozenset(people.values()), names)

    def _people(self, domain: str, question: Question) -> dict[int, str]:
        """A sample of who is there, and those with a recipient's local part or name; who is there by this mail alone is not."""
        rows = self._db.execute(_SAMPLE, (domain, SAMPLE)).fetchall()
        for address in question.rcpts:
            rows += self._db.execute(
                "SELECT id, local FROM person WHERE domain = ? AND local = ?", (domain, address.local.casefold())
            )
            if address.name:
                rows += self._db.execute(
                    "SELECT id, local FROM person JOIN name ON name.person = id WHERE domain = ? AND name = ? LIMIT 5",
                    (domain, address.name),
                )
        return {person: local for person, local in rows if not (person in self.but[1] and self._only_here(person))}

    def _only_here(self, person: int) -> bool:
        row = self._db.execute(_ELSEWHERE, (person,)).fetchone()
        return row[0] < 2 and not row[1]

    def _display_names(self, people: Iterable[int]) -> frozenset[str]:
        ids = list(people)
        marks = ", ".join("?" * len(ids))
        rows = self._db.execute(f"SELECT name FROM name WHERE person IN ({marks})", ids)  # noqa: S608 - question marks
        return frozenset(name.casefold() for (name,) in rows)

    def _counts_of(self, domain: str) -> tuple[int, int]:
        sent, received = (self._db.execute(query, (domain,)).fetchone()[0] for query in (_SENT, _RECEIVED))
        return sent, received


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(max(0, seconds), UTC)
