"""What is remembered of a site's mail: how often and how lately who wrote to whom, and which facts went along.

A *fact* is a word, a subject, a greeting or a companion among the recipients, hashed with the site's key; it is counted
in one bounded table with each pair's own key. The whole organisation is a sender of its own (number 0), the background
of everybody; what a sender writes to anybody is counted under the pair with number 1.
"""

from array import array
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from math import exp
from typing import NamedTuple

import numpy as np

from missent.recipients.model.letter import Mail
from missent.recipients.model.people import People, Person
from missent.recipients.model.sketch import Hashes, Sketch
from missent.recipients.model.traits import Hashing

ANYBODY = 1
HALF_LIFE = 60 * 86_400.0
MOST_TOLD = 30
"""Of longer lists of recipients only this many get facts: they are announcements."""
MOST_THREADS = 50_000
GROUPS = ("own", "quoted", "subject", "thread", "greeted", "company", "author")
_MIX = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1


class Facts(NamedTuple):
    """Hashed facts of one mail, group after group (`GROUPS`); `ends[i]` is where group i ends."""

    hashes: Hashes
    ends: tuple[int, ...]


class Tie(NamedTuple):
    """One pair.

    Attributes:
        sent: mails from the one to the other; received: the other way.
        fresh, back: the same, each mail halved in weight every 60 days, as of `last`.
        last: seconds since 1970 of the newest of either.
        alone: mails sent to nobody else.
    """

    sent: float = 0.0
    received: float = 0.0
    fresh: float = 0.0
    back: float = 0.0
    last: float = 0.0
    alone: float = 0.0


NO_TIE = Tie()
_WIDTH = len(Tie._fields)


class Ties:
    """The contacts of one sender: 24 octets each in one array and a place in a dict."""

    def __init__(self) -> None:
        self.rows: dict[int, int] = {}
        self.values = array("f")
        self.wrote = 0

    def get(self, number: int) -> Tie:
        """The tie with a person, an empty one if there is none."""
        row = self.rows.get(number)
        return NO_TIE if row is None else Tie(*self.values[row * _WIDTH : (row + 1) * _WIDTH])

    def fresh(self, number: int) -> float:
        """`Tie.fresh` alone, of somebody there is a tie with."""
        return self.values[self.rows[number] * _WIDTH + 2]

    def add(self, number: int, at: float, *, sent: bool, alone: bool) -> None:
        """Count one mail more."""
        row = self.rows.setdefault(number, len(self.rows))
        if (row + 1) * _WIDTH > len(self.values):
            self.values.extend((0.0,) * _WIDTH)
        base = row * _WIDTH
        values = self.values
        faded = exp((values[base + 4] - at) / HALF_LIFE * 0.6931) if values[base + 4] and at > values[base + 4] else 1.0
        values[base + 2] = values[base + 2] * faded + sent
        values[base + 3] = values[base + 3] * faded + (not sent)
        values[base] += sent
        values[base + 1] += not sent
        values[base + 5] += sent and alone
        values[base + 4] = max(values[base + 4], at)

    def pack(self) -> bytes:
        """As octets: how many mails, how many contacts, their numbers, their ties."""
        numbers = array("Q", [self.wrote, len(self.rows), *self.rows])
        return numbers.tobytes() + self.values.tobytes()

    @classmethod
    def unpack(cls, octets: bytes) -> "Ties":
        """Out of `pack`, on the same kind of machine."""
        found = cls()
        head = array("Q", octets[:16])
        end = 16 + 8 * head[1]
        found.wrote = head[0]
        found.rows = {number: row for row, number in enumerate(array("Q", octets[16:end]))}
        found.values = array("f", octets[end:])
        return found

    def drop(self, number: int) -> None:
        """Forget a person."""
        row = self.rows.pop(number, None)
        if row is not None:
            last = len(self.rows)
            for other, place in self.rows.items():
                if place == last and place != row:
                    self.values[row * _WIDTH : (row + 1) * _WIDTH] = self.values[last * _WIDTH :][:_WIDTH]
                    self.rows[other] = row
                    break
            del self.values[last * _WIDTH :]


class Senders:
    """The contacts of everybody, by number. What was read from a store is unpacked when a sender is first looked at."""

    def __init__(self, packed: dict[int, bytes] | None = None) -> None:
        self._packed = packed or {}
        self._open: dict[int, Ties] = {}

    def __iter__(self) -> Iterator[int]:
        return iter(sorted({*self._packed, *self._open}))

    def __contains__(self, number: int) -> bool:
        return number in self._open or number in self._packed

    def get(self, number: int) -> Ties | None:
        """The contacts of one sender, None of a stranger."""
        found = self._open.get(number)
        if found is None and number in self._packed:
            found = self._open[number] = Ties.unpack(self._packed.pop(number))
        return found

    def made(self, number: int) -> Ties:
        """The contacts of one sender, new ones for a stranger."""
        found = self.get(number)
        if found is None:
            found = self._open[number] = Ties()
        return found

    def drop(self, number: int) -> None:
        """Forget one person, as a sender and as everybody's contact."""
        self._open.pop(number, None)
        self._packed.pop(number, None)
        for other in self:
            self.made(other).drop(number)

    def packed(self) -> dict[int, bytes]:
        """All of it, to be kept."""
        return {number: self._packed.get(number) or self._open[number].pack() for number in self}


class Memory:
    """Everything that was learned of a site's mail. Deterministic: the same mails in the same order give the same memory.

    Args:
        key: secret of the site, hashes of facts depend on it.
        bits: the table of facts has 2**bits cells of two octets.
    """

    def __init__(self, key: bytes = b"missent", bits: int = 22) -> None:
        self.hash = Hashing(key)
        self.people = People(self.hash)
        self.sketch = Sketch(bits)
        self.ties = Senders()
        self.wrote = 0
        self.domains: dict[str, int] = {}
        self.members: dict[int, tuple[float, tuple[str, ...]]] = {}
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
        for thread in mail.traits.thread:
            self._stood(thread, mail.at, (sender, *met[:MOST_TOLD]))
        self._count(sender, met[:MOST_TOLD], self.facts(mail))

    def _stood(self, thread: int, at: float, people: tuple[Person, ...]) -> None:
        """Remember who stood in the last mail of a thread; the threads longest untouched go first."""
        self.members.pop(thread, None)
        self.members[thread] = at, tuple(p.address for p in people)
        if len(self.members) > MOST_THREADS:
            del self.members[next(iter(self.members))]

    def _count(self, sender: Person, rcpts: list[Person], facts: Facts) -> None:
        pairs = [(sender.number, ANYBODY), (0, ANYBODY)]
        pairs += [(sender.number, r.number) for r in rcpts]
        pairs += [(r.number, sender.number) for r in rcpts]
        pairs += [(0, r.number) for r in rcpts]
        self.sketch.add(np.array([self.pair(*p) for p in dict.fromkeys(pairs)], np.uint64), np.unique(facts.hashes))

    def last(self, thread: Iterable[int]) -> tuple[str, ...]:
        """Who stood in the last mail of a thread, its author first; () where it is not known."""
        return max((self.members[one] for one in thread if one in self.members), default=(0.0, ()))[1]

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

    def forget(self, address: str) -> bool:
        """Remove an address and everything that can be found by it; returns whether it was known."""
        gone = self.people.known(address)
        if gone is None:
            return False
        self.ties.drop(gone.number)
        self.members = {
            thread: (at, tuple(a for a in members if a != address)) for thread, (at, members) in self.members.items()
        }
        self.people.drop(address)
        self.forget_words()
        return True
