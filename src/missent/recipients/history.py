"""What history is asked about one message, and what it answers: data, fetched in one go before judging.

`History` is the port; `missent.store` implements it over a database and `missent.testing` in memory. Both pass the
same tests. Everything answered is as of `Question.at`: mail from before it, decisions up to it; a verdict on an old
message knows nothing newer. What counts as the same mail and as an answer stands in `missent.recipients.remembering`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from missent.nouns.address import Address
from missent.nouns.sighting import Sighting
from missent.nouns.verdict import Marking


@dataclass(frozen=True, slots=True)
class Contact:
    """One address the sender has dealt with.

    Attributes:
        address: case-folded, with the display name that came into use last.
        sent: messages the sender wrote to it.
        received: messages it wrote to the sender.
        first, last: of either.
    """

    address: Address
    sent: int
    received: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class DomainFacts:
    """What the whole organisation knows of one mail domain.

    Attributes:
        established: since when it is established (second distinct day with an answer to mail from here); None if not.
        sent: messages anybody here wrote to it.
        received: messages from it.
        locals: local parts (case-folded) in use there: a sample of 50 people, and all that are like a recipient's.
        names: display names (case-folded) in use by the same people.
    """

    established: datetime | None = None
    sent: int = 0
    received: int = 0
    locals: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be known before judging.

    Attributes:
        sender: reverse-path or author; None for `<>`.
        rcpts: recipients to be judged.
        domains: their domains and every domain those resemble.
        references: Message-IDs of the thread, newest first.
        at: as of when.
        marks: keyed hashes of the message's attachments.
    """

    sender: Address | None
    rcpts: tuple[Address, ...]
    domains: frozenset[str]
    references: tuple[str, ...]
    at: datetime
    marks: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """History's answer.

    Attributes:
        contacts: the sender's contacts by address key: those in `rcpts`, and those at the domains asked about or with
            a display name or local part like one of the recipients', at most 5,000.
        domains: by domain.
        confirmed: address keys this sender has confirmed at a hold.
        corrections: wrong address key -> right address, as corrected in this thread.
        acquainted: unordered pairs of recipients' keys with mail between them, or received together among the latest
            200 of an outsider; of the first 100 recipients.
        wrote: whether the sender is known to have written to anybody.
        marked: markings of earlier messages of the thread, newest first.
        carried: keyed hash of an attachment -> organisations outside that had it.
    """

    contacts: Mapping[str, Contact] = field(default_factory=lambda: MappingProxyType({}))
    domains: Mapping[str, DomainFacts] = field(default_factory=lambda: MappingProxyType({}))
    confirmed: frozenset[str] = frozenset()
    corrections: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    acquainted: frozenset[frozenset[str]] = frozenset()
    wrote: bool = False
    carried: Mapping[bytes, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    marked: tuple[Marking, ...] = ()

    @property
    def past(self) -> bool:
        """Whether there is a past at all to compare this message with."""
        return self.wrote or bool(self.contacts) or any(d.sent or d.received for d in self.domains.values())

    def domain(self, name: str) -> DomainFacts:
        """Facts about a domain; empty ones if nothing is known."""
        return self.domains.get(name, DomainFacts())


NOTHING_KNOWN = Known()
"""The answer of an organisation without a past."""


class History(Protocol):
    """Remembers who wrote to whom. Learning the same message twice changes nothing; order does not matter."""

    def known(self, question: Question) -> Known:
        """Everything the checks may want to know, as of `question.at`."""
        ...

    def learn(self, sightings: Iterable[Sighting]) -> int:
        """Remember messages; returns how many were new."""
        ...

    def established(self) -> Mapping[str, datetime]:
        """Every established domain and since when."""
        ...

    def forget(self, address: Address) -> int:
        """Remove one person's address and all that is known of it; returns how many rows went."""
        ...


class NoHistory:
    """History of an organisation without a past. It learns nothing."""

    def known(self, question: Question) -> Known:
        """Nothing is known."""
        return NOTHING_KNOWN

    def established(self) -> Mapping[str, datetime]:
        """Nothing is established."""
        return {}

    def learn(self, sightings: Iterable[Sighting]) -> int:
        """Refused: who judges without a store has nowhere to remember."""
        raise NotImplementedError

    def forget(self, address: Address) -> int:
        """Refused, likewise."""
        raise NotImplementedError
