"""What is remembered of a site's mail: how often and how lately who wrote to whom, and which facts went along.

A *fact* is a word, a subject, a greeting or a companion among the recipients, hashed with the site's key; it is counted
in one bounded table with each pair's own key. The whole organisation is a sender of its own (number 0), the background
of everybody; what a sender writes to anybody is counted under the pair with number 1.
"""

from collections.abc import Iterable
from hashlib import blake2b
from typing import NamedTuple

import numpy as np

from missent.recipients.model.letter import Mail
from missent.recipients.model.marks import Marker
from missent.recipients.model.nearness import Nearness
from missent.recipients.model.people import People, Person
from missent.recipients.model.sketch import Hashes, Sketch
from missent.recipients.model.threads import Threads
from missent.recipients.model.ties import Senders, Ties
from missent.recipients.model.traits import Hashing

ANYBODY = 1
MOST_TOLD = 30
"""Of longer lists of recipients only this many get facts: they are announcements."""
GROUPS = ("own", "quoted", "subject", "thread", "greeted", "company", "author")
_MIX = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1


class Facts(NamedTuple):
    """Hashed facts of one mail, group after group (`GROUPS`); `ends[i]` is where group i ends."""

    hashes: Hashes
    ends: tuple[int, ...]


class Memory:
    """Everything that was learned of a site's mail. Deterministic: the same mails in the same order give the same memory.

    Args:
        key: secret of the site, hashes of facts depend on it.
        bits: the table of facts has 2**bits cells of two octets.
    """

    def __init__(self, key: bytes = b"missent", bits: int = 22) -> None:
        self.hash = Hashing(key)
        self.people = People(self.hash)
        self.marks = Marker(self.hash)
        self.sketch = Sketch(bits)
        self.ties = Senders()
        self.wrote = 0
        self.domains: dict[str, int] = {}
        self.threads = Threads()
        self.nearness = Nearness()
        self._seed = int.from_bytes(blake2b(key, digest_size=8).digest())

    def of(self, sender: int) -> Ties:
        """The contacts of a sender; empty ones for a stranger, not kept."""
        return self.ties.get(sender) or Ties()

    def learn(self, mail: Mail) -> None:
        """Take in one mail. The order of time is assumed; a mail told twice counts twice."""
        met = [self.people.met(a, mail.names.get(a, "")) for a in mail.rcpts]
        sender = self.people.met(mail.sender, mail.names.get(mail.sender, ""))
        self.wrote += 1
        own = self.ties.made(sender.number)
        own.wrote += 1
        site = self.ties.made(0)
        for rcpt in met:
            own.add(rcpt.number, mail.at, sent=True, alone=len(met) == 1)
            site.add(rcpt.number, mail.at, sent=True, alone=False)
            self.ties.made(rcpt.number).add(sender.number, mail.at, sent=False, alone=False)
        site.add(sender.number, mail.at, sent=False, alone=False)
        for person in (sender, *met):
            self.domains[person.domain] = self.domains.get(person.domain, 0) + 1
        stood = list(dict.fromkeys(person.number for person in (sender, *met[:MOST_TOLD])))
        for thread in mail.traits.thread:
            self.threads.put(thread, mail.at, stood)
        self._count(sender, met[:MOST_TOLD], self.facts(mail))

    def _count(self, sender: Person, rcpts: list[Person], facts: Facts) -> None:
        pairs = [(sender.number, ANYBODY), (0, ANYBODY)]
        pairs += [(sender.number, r.number) for r in rcpts]
        pairs += [(r.number, sender.number) for r in rcpts]
        pairs += [(0, r.number) for r in rcpts]
        self.sketch.add(np.array([self.pair(*p) for p in dict.fromkeys(pairs)], np.uint64), np.unique(facts.hashes))

    def last(self, thread: Iterable[int]) -> tuple[str, ...]:
        """Who stood in the last mail of a thread, its author first; () where it is not known."""
        return tuple(self.people.numbered(number).address for number in self.threads.last(thread))

    def facts(self, mail: Mail) -> Facts:
        """The hashed facts of a mail."""
        company = mail.rcpts if len(mail.rcpts) <= MOST_TOLD else ()
        traits = mail.traits
        groups: tuple[Iterable[int], ...] = (
            traits.own,
            traits.quoted,
            traits.subject,
            traits.thread[:1] if traits.titled else (),
            traits.greeted,
            [self.hash("C", a) for a in company],
            (self.hash("C", mail.sender),),
        )
        hashes: list[int] = []
        ends = []
        for members in groups:
            hashes += members
            ends.append(len(hashes))
        return Facts(np.array(hashes, np.uint64), tuple(ends))

    def pair(self, sender: int, rcpt: int) -> int:
        """The key of a pair of numbers: gone for good with either number."""
        mixed = ((sender * _MIX) ^ (rcpt * 0xC2B2AE3D27D4EB4F) ^ self._seed) & _MASK
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        return mixed ^ (mixed >> 31)

    def forget_words(self) -> None:
        """Drop the words whose hashes are kept ready: the only text in memory, a cache."""
        self.hash.clear()
        self.marks.clear()

    def forget(self, address: str) -> bool:
        """Remove an address and everything that can be found by it; returns whether it was known."""
        gone = self.people.known(address)
        if gone is None:
            return False
        self.ties.drop(gone.number)
        self.threads.drop(gone.number)
        self.people.drop(address)
        self.forget_words()
        return True
