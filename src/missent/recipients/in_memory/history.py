"""History in memory: what the definition says, kept in dictionaries and sorted lists; the store's twin in every test.

Fast enough to replay a mailbox (each question is bisections, no scan over the mail), and exact as of any moment.
"""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from missent.nouns.address import Address
from missent.nouns.sighting import Sighting
from missent.nouns.verdict import Marking
from missent.recipients import remembering as rules
from missent.recipients.history import Known, Question
from missent.recipients.in_memory.recall import recall
from missent.recipients.likeness import likeness_keys
from missent.recipients.remembering import Here, micros, moment

Moments = list[int]


@dataclass(slots=True)
class Mail:
    """One mail, merged from all its copies. `closed`: one of its people was forgotten; copies add nothing any more."""

    identity: bytes
    message_id: str
    sender: str
    at: int
    person: bool
    rcpts: set[str] = field(default_factory=set)
    refs: set[str] = field(default_factory=set)
    closed: bool = False


@dataclass(slots=True)
class Person:
    """One address: when it was first seen, and each display name with the moment it was first used."""

    address: Address
    first: int
    names: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Pair:
    """What one address wrote to another and got from it: sorted moments."""

    sent: Moments = field(default_factory=list)
    received: Moments = field(default_factory=list)


@dataclass(slots=True)
class Domain:
    """One mail domain: sorted moments of mail from here to it and of mail from it, and its answers by mail."""

    ours: bool
    organisation: str
    sent: Moments = field(default_factory=list)
    received: Moments = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    answers: dict[bytes, int] = field(default_factory=dict)


class MemoryHistory:
    """A `History` that lives as long as the process.

    `own` are the organisation's canonical domains, `registrable` is `Names.registrable`.
    """

    def __init__(self, own: Iterable[str] = (), registrable: Callable[[str], str | None] = lambda _: None) -> None:
        self.here = Here(frozenset(own), registrable)
        self.mails: dict[bytes, Mail] = {}
        self.people: dict[str, Person] = {}
        self.pairs: defaultdict[str, dict[str, Pair]] = defaultdict(dict)
        self.domains: dict[str, Domain] = {}
        self.alike: defaultdict[str, set[str]] = defaultdict(set)
        self.inboxes: defaultdict[str, list[tuple[int, bytes]]] = defaultdict(list)
        self.confirmations: dict[tuple[str, str], int] = {}
        self.corrected: dict[tuple[str, str], tuple[int, str]] = {}
        self.marked: dict[str, tuple[int, Marking]] = {}
        self.carried: defaultdict[bytes, dict[str, int]] = defaultdict(dict)
        self._by_id: defaultdict[str, set[bytes]] = defaultdict(set)
        self._waiting: defaultdict[str, set[bytes]] = defaultdict(set)
        self._asked: defaultdict[tuple[str, str], Moments] = defaultdict(list)

    def known(self, question: Question) -> Known:
        """Everything the checks may want to know, from mail before `question.at`."""
        return recall(self, question)

    def established(self) -> Mapping[str, datetime]:
        """Every established domain and since when."""
        since = {name: rules.second_day(domain.answers.values()) for name, domain in self.domains.items()}
        return {name: moment(us) for name, us in since.items() if us is not None}

    def learn(self, sightings: Iterable[Sighting]) -> int:
        """Remember messages; returns how many were new."""
        return sum(self._learn(sighting) for sighting in sightings if rules.tells(sighting))

    def confirm(self, sender: Address, address: Address, at: datetime) -> None:
        """What a hold's *confirm* leaves behind."""
        self.confirmations.setdefault((sender.key, address.key), micros(at))

    def correct(self, message_id: str, wrong: Address, right: Address, at: datetime) -> None:
        """What a hold's *correct* leaves behind for the thread of `message_id`."""
        self.corrected[message_id, wrong.key] = (micros(at), right.key)

    def forget(self, address: Address) -> int:
        """Remove one person's address and all that is known of it; returns how many records went.

        Counts and standing of its domain stay: they tell of no person. Copies of its past mail do not bring it back.
        """
        gone, key = 0, address.key
        for mail in [m for m in self.mails.values() if key == m.sender or key in m.rcpts]:
            gone += self._close(mail, key)
        gone += len(self.pairs.pop(key, {})) + sum(others.pop(key, None) is not None for others in self.pairs.values())
        if person := self.people.pop(key, None):
            self.domains[person.address.domain].keys.remove(key)
            gone += 1 + len(person.names)
        for known in self.alike.values():
            known.discard(key)
        for asked in [pair for pair in self._asked if key in pair]:
            del self._asked[asked]
        for decision in [d for d in self.confirmations if key in d]:
            gone += self.confirmations.pop(decision) is not None
        for thread in [t for t, (_, right) in self.corrected.items() if key in (t[1], right)]:
            gone += self.corrected.pop(thread) is not None
        return gone

    def _close(self, mail: Mail, key: str) -> int:
        gone = mail.rcpts if key == mail.sender else {key}
        for rcpt in gone & mail.rcpts:
            self.inboxes[rcpt].remove((mail.at, mail.identity))
        count = len(gone & mail.rcpts)
        mail.rcpts -= gone
        mail.closed = True
        if key == mail.sender:
            mail.sender = ""
        return count

    def _learn(self, sighting: Sighting) -> bool:
        self._carry(sighting)
        identity = rules.identity(sighting)
        mail = self.mails.get(identity)
        if mail and mail.closed:
            return False
        self._meet(sighting)
        copy = Mail(
            identity,
            sighting.message_id,
            sighting.sender.key,
            micros(sighting.at),
            not sighting.automatic,
            {a.key for a in rules.recipients(sighting)},
            set(rules.references(sighting)),
        )
        if mail:
            self._count(mail, _take)
            copy.at = min(copy.at, mail.at)
            copy.person |= mail.person
            copy.rcpts |= mail.rcpts
            copy.refs |= mail.refs
        self.mails[identity] = copy
        self._count(copy, insort)
        self._answer(copy)
        return mail is None

    def _carry(self, sighting: Sighting) -> None:
        at = micros(sighting.at)
        if sighting.marking and sighting.message_id:
            self.marked.setdefault(sighting.message_id, (at, sighting.marking))
        for organisation in rules.carriers(sighting, self.here) if sighting.marks else ():
            for mark in sighting.marks:
                first = self.carried[mark]
                first[organisation] = min(first.get(organisation, at), at)

    def _meet(self, sighting: Sighting) -> None:
        at = micros(sighting.at)
        for address in (sighting.sender, *rules.recipients(sighting)):
            person = self.people.get(address.key)
            if person is None:
                person = self.people[address.key] = Person(Address(address.local.casefold(), address.domain), at)
                insort(self._domain(address.domain).keys, address.key)
            person.first = min(person.first, at)
            if name := rules.display_name(address):
                person.names[name] = min(person.names.get(name, at), at)
            for key in likeness_keys(address):
                self.alike[key].add(address.key)

    def _domain(self, name: str) -> Domain:
        if name not in self.domains:
            self.domains[name] = Domain(self.here.has(name), self.here.organisation(name))
        return self.domains[name]

    def _of(self, key: str) -> Domain:
        return self._domain(key.rpartition("@")[2])

    def _count(self, mail: Mail, change: Callable[[list[int], int], None]) -> None:
        """Enter a mail into every list (`insort`), or take it out again (`_take`)."""
        sender = self._of(mail.sender)
        change(sender.received, mail.at)
        for name in {rcpt.rpartition("@")[2] for rcpt in mail.rcpts} if sender.ours else ():
            change(self._domain(name).sent, mail.at)
        for rcpt in mail.rcpts:
            change(self.pairs[mail.sender].setdefault(rcpt, Pair()).sent, mail.at)
            change(self.pairs[rcpt].setdefault(mail.sender, Pair()).received, mail.at)
            if mail.person and sender.ours:
                change(self._asked[mail.sender, rcpt], mail.at)
            change(self.inboxes[rcpt], (mail.at, mail.identity))  # type: ignore[arg-type]

    def _answer(self, mail: Mail) -> None:
        """Find anew which mails answer `mail`, and whether it is an answer itself."""
        self._by_id[mail.message_id].add(mail.identity)
        for ref in mail.refs:
            self._waiting[ref].add(mail.identity)
        touched = {mail.identity}
        if mail.person and self._of(mail.sender).ours:
            touched |= self._waiting.get(mail.message_id, set())
            inbox = self.inboxes[mail.sender]
            touched |= {i for _, i in inbox[bisect_left(inbox, (mail.at + 1, b"")) :] if self.mails[i].sender in mail.rcpts}
        for answer in (self.mails[identity] for identity in touched):
            if not answer.closed:
                self._enter(answer, self._answered_at(answer))

    def _enter(self, mail: Mail, at: int | None) -> None:
        domain = self._of(mail.sender)
        for book in (domain.answers, self._domain(domain.organisation).answers):
            if at is None:
                book.pop(mail.identity, None)
            else:
                book[mail.identity] = at

    def _answered_at(self, mail: Mail) -> int | None:
        there = self._of(mail.sender)
        here = [rcpt for rcpt in mail.rcpts if self._of(rcpt).ours]
        if there.ours or not mail.person or not here:
            return None
        if mail.refs:
            asked = [m.at for ref in mail.refs for m in map(self.mails.__getitem__, self._by_id[ref]) if self._asks(m, there)]
            return max(mail.at, min(asked)) if asked else None
        before = (self._asked.get((rcpt, mail.sender), []) for rcpt in here)
        return mail.at if any(moments and moments[0] < mail.at for moments in before) else None

    def _asks(self, mail: Mail, there: Domain) -> bool:
        if not mail.person or not mail.sender or not self._of(mail.sender).ours:
            return False
        return any(self._of(rcpt).organisation == there.organisation for rcpt in mail.rcpts)


def _take(moments: list[int], moment: int) -> None:
    del moments[bisect_left(moments, moment)]
