"""Past mail into history: streamed, checkpointed, and never the same file twice.

Messages are learned in batches; the batch and how far the file was read are one transaction, so that a killed run goes
on where it was, and a file that has not changed is not read again. A mailbox that grew is read on from the beginning of
its last message, which may have been half written then; learning it twice changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from missent.archive.item import Item
from missent.archive.objects import known, opened
from missent.archive.readers import Source, sources
from missent.content.carried import marked
from missent.content.markings.find import find_markings
from missent.content.markings.high_water import high_water
from missent.judging import traits_of_message
from missent.message.reading import read
from missent.nouns.sighting import Sighting
from missent.nouns.verdict import Skipped
from missent.reading.texts import open_texts
from missent.recipients.model.traits import HASHES, Hashing
from missent.recipients.sightings import sighting_of
from missent.store.keys import CONTENT, Keys
from missent.store.sources import Progress

if TYPE_CHECKING:
    from missent.store.opened import Store

BATCH = 250
"""Messages of one transaction: short enough that a gateway writing beside does not wait noticeably."""

MOST_LISTED = 1_000
"""Skipped items that are listed; all are counted."""

_HEAD = 4096


@dataclass(slots=True)
class Learned:
    """What a run did.

    Attributes:
        files: looked at; `unchanged` of them were learned before.
        messages: read; `new` of them were unknown, `silent` of them tell nothing (no sender, recipient or date).
        not_read: items and files that could not be read; `skipped` says which, as far as they are listed.
    """

    files: int = 0
    unchanged: int = 0
    messages: int = 0
    new: int = 0
    silent: int = 0
    not_read: int = 0
    skipped: list[Skipped] = field(default_factory=list)

    def miss(self, skipped: Skipped) -> None:
        """Count something that could not be read."""
        self.not_read += 1
        if len(self.skipped) < MOST_LISTED:
            self.skipped.append(skipped)


class Memory(Protocol):
    """The part of the store's history that learns archives."""

    def progress(self, path: str) -> Progress | None:
        """How far a file was learned."""
        ...

    def take(self, sightings: Iterable[Sighting], progress: Progress) -> int:
        """Learn a batch and remember how far that is, in one transaction; returns how many were new."""
        ...


class Reached(NamedTuple):
    """Progress to be shown: the octet reached in a file (None: it is finished), and messages read in all."""

    path: Path
    offset: int | None
    messages: int


class Reading(NamedTuple):
    """How messages are read to be learned.

    Attributes:
        authserv_id: the name our own server puts into Authentication-Results; "" believes none.
        hashing: with which their words are hashed for the recipient model; None leaves it without.
        key: with which their attachments are hashed, to be known again; b"" leaves them out.
        own_scheme: scheme in which bare markings are read; "" takes the one of a government sender's country.
    """

    authserv_id: str = ""
    hashing: Hashing | None = None
    key: bytes = b""
    own_scheme: str = ""

    @classmethod
    def of(cls, keys: Keys, authserv_id: str, own_scheme: str = "") -> "Reading":
        """As a store with these keys wants it."""
        return cls(authserv_id, Hashing(keys.derive(HASHES)), keys.derive(CONTENT), own_scheme)

    def sighting(self, raw: bytes) -> Sighting | None:
        """What is kept of a message."""
        message = read(raw)
        if self.hashing is None and not self.key:
            return sighting_of(raw, message, self.authserv_id)
        opened = open_texts(raw, message)
        traits = traits_of_message(message, opened, self.hashing) if self.hashing is not None else b""
        sighting = sighting_of(raw, message, self.authserv_id, traits)
        marking = high_water(find_markings(opened.pieces, self.own_scheme, message.from_[0] if message.from_ else None))
        return sighting and replace(sighting, marks=marked(opened, self.key).carried, marking=marking)


PLAIN = Reading()
"""Nothing believed, no traits, no marks."""


class Told(NamedTuple):
    """One message: the octet where it begins, and what it tells."""

    offset: int
    sighting: Sighting | None


def learn(
    found: Iterable[Source], memory: Memory, reading: Reading = PLAIN, show: Callable[[Reached], None] = lambda _: None
) -> Learned:
    """Learn files of messages (`missent.archive.readers.sources`).

    Raises StoreError; what cannot be read is in the answer.
    """
    done = Learned()
    for source in found:
        done.files += 1
        for offset in _learn(source, memory, reading, done):
            show(Reached(source.path, offset, done.messages))
        show(Reached(source.path, None, done.messages))
    return done


def learn_source(path: Path, store: "Store", authserv_id: str = "") -> Learned:
    """Learn one file or folder into a store, without showing progress. Raises FileNotFoundError, StoreError."""
    return learn(sources(path), store.history, Reading.of(store.keys, authserv_id))


def _learn(source: Source, memory: Memory, reading: Reading, done: Learned) -> Iterator[int]:
    """Learn one file; yields the octet reached after each batch."""
    name, now = str(source.path.absolute()), stamp(source.path)
    before = memory.progress(name)
    if before and before.finished and before.stamp == now != "":
        done.unchanged += 1
        return
    start = before.next if before and (source.kind == "imap" or continues(before.stamp, source.path)) else 0
    missed = done.not_read
    messages = _told(source, start, reading, done)
    while batch := list(islice(messages, BATCH)):
        start = batch[-1].offset
        done.new += memory.take([told.sighting for told in batch if told.sighting], Progress(name, now, start))
        yield start
    if done.not_read == missed:  # what could not be read today may be mended tomorrow
        memory.take([], Progress(name, now, start, finished=True))


def _told(source: Source, start: int, reading: Reading, done: Learned) -> Iterator[Told]:
    for found in source.items(start):
        if isinstance(found, Skipped):
            done.miss(found)
            continue
        sighting = reading.sighting(found.raw)
        if sighting and found.envelope and found.envelope.rcpts:
            sighting = replace(sighting, rcpts=tuple(rcpt.address for rcpt in found.envelope.rcpts))
        done.messages += 1
        done.silent += sighting is None
        yield Told(_offset(found, source.path), sighting)


def _offset(item: Item, path: Path) -> int:
    """Where a message begins; `where` is the path alone for a message that is a file of its own."""
    digits = item.where.removeprefix(f"{path}:")
    return int(digits) if digits.isdecimal() else 0


def stamp(path: Path) -> str:
    """What a file is like: length and digest of its beginning, size, time of change; "" if it cannot be opened."""
    try:
        octets, version, _ = known(path)
        length = min(_HEAD, octets)
        return f"{length} {_digest(path, length)} {octets} {version}"
    except OSError:
        return ""


def continues(before: str, path: Path) -> bool:
    """Whether a file is the one with the stamp `before`, perhaps with more at its end."""
    if not before:
        return False
    length, digest, size, _ = before.split()
    try:
        return known(path).octets >= int(size) and _digest(path, int(length)) == digest
    except OSError:
        return False


def _digest(path: Path, length: int) -> str:
    with opened(path) as file:
        return blake2b(file.read(length), digest_size=8).hexdigest()
