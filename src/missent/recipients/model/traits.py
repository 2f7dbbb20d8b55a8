"""What is kept of a message's text: keyed hashes of its words, and nothing to read.

A trait is 32 bits of a hash with the site's key; without the key nobody can try words. Traits are made once, where the
message is read, and everything after that (judging, remembering, training) works on them.
"""

import struct
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from itertools import islice
from typing import NamedTuple

from missent.recipients.model.mail import addresses_in, words_of

MOST_READ = 8000
MOST_WORDS = 80
MOST_SUBJECT = 20
MOST_OTHERS = 12
"""Addresses in the text, and Message-IDs of the thread."""

HASHES = "recipient-model"
"""The label under which a site's key for hashes is derived (`missent.store.keys`)."""

MOST_NAMED = 40
"""Words of names in the head of the history."""

_CACHE = 30_000
_REPLY, _TITLED, _ANSWERS, _PASSED = 1, 2, 4, 8
_PLAIN, _ALL = 6, 8
"""Groups of a mail that answers nobody, as all were packed at first, and of one that does."""


class Hashing:
    """Keyed 32-bit hashes of short texts. A cache of the latest is the only text in memory; `clear` drops it."""

    def __init__(self, key: bytes = b"missent") -> None:
        self._key = blake2b(key, digest_size=32).digest()
        self._known: dict[str, int] = {}

    def __call__(self, kind: str, member: str) -> int:
        """The hash of one text of one kind (a letter)."""
        text = kind + member
        found = self._known.get(text)
        if found is None:
            if len(self._known) > _CACHE:
                self._known.clear()
            found = self._known[text] = self.once(kind, member)
        return found

    def once(self, kind: str, member: str) -> int:
        """The same for a text that will hardly come again, such as a Message-ID: it is not kept."""
        raw = (kind + member).encode("utf-8", "replace")
        return int.from_bytes(blake2b(raw, digest_size=4, key=self._key).digest())

    @property
    def kept(self) -> int:
        """How many texts it keeps the hashes of."""
        return len(self._known)

    def each(self, kind: str, members: Iterable[str]) -> list[int]:
        """The hashes of texts of one kind, in order."""
        known = self._known.get
        return [known(kind + member) or self(kind, member) for member in members]

    def clear(self) -> None:
        """Forget the texts."""
        self._known.clear()


class Traits(NamedTuple):
    """One message's hashes, group by group, each once and in order.

    Attributes:
        own: words the sender wrote; quoted: of the history below; subject: of the subject.
        thread: of the subject as a whole and of the Message-IDs of the thread, the mail's own first among them.
        greeted: words that may be a name spoken to.
        written: addresses and their local parts that stand in the text.
        reply: whether the subject bears a reply mark or a Message-ID is referred to.
        titled: whether the first of `thread` is the subject.
        author: names and addresses of who wrote what is quoted; members: of whom that went to.
        passed: whether it is passed on rather than answered.
    """

    own: tuple[int, ...] = ()
    quoted: tuple[int, ...] = ()
    subject: tuple[int, ...] = ()
    thread: tuple[int, ...] = ()
    greeted: tuple[int, ...] = ()
    written: tuple[int, ...] = ()
    reply: bool = False
    titled: bool = False
    author: tuple[int, ...] = ()
    members: tuple[int, ...] = ()
    passed: bool = False

    def pack(self) -> bytes:
        """As octets: marks, the counts of groups, then the hashes, four octets each, low octet first."""
        groups = [self.own, self.quoted, self.subject, self.thread, self.greeted, self.written]
        if self.author or self.members:
            groups += [self.author, self.members]
        marks = self.reply * _REPLY + self.titled * _TITLED + (len(groups) > _PLAIN) * _ANSWERS + self.passed * _PASSED
        hashes = [one for group in groups for one in group]
        return bytes([marks, *map(len, groups)]) + struct.pack(f"<{len(hashes)}I", *hashes)

    @classmethod
    def unpack(cls, octets: bytes) -> "Traits":
        """Out of `pack`, of this version and of earlier ones. Raises ValueError if it is not that."""
        marks = octets[0] if octets else 0
        head = 1 + (_ALL if marks & _ANSWERS else _PLAIN)
        sizes = octets[1:head]
        if len(octets) < head or len(octets) != head + 4 * sum(sizes):
            raise ValueError("not the traits of a message")
        hashes = iter(struct.unpack_from(f"<{sum(sizes)}I", octets, head))
        groups = [tuple(islice(hashes, size)) for size in sizes]
        own, quoted, subject, thread, greeted, written = groups[:_PLAIN]
        author, members = groups[_PLAIN:] or ((), ())
        reply, titled, passed = (bool(marks & one) for one in (_REPLY, _TITLED, _PASSED))
        return cls(own, quoted, subject, thread, greeted, written, reply, titled, author, members, passed)


NO_TRAITS = Traits()


class Text(NamedTuple):
    """What is read of a message: its subject, what its sender wrote, and the history quoted below."""

    subject: str = ""
    own: str = ""
    quoted: str = ""


def traits_of(text: Text, hashing: Hashing, ids: Sequence[str] = ("",)) -> Traits:
    """The traits of a text, of which the first `MOST_READ` characters are read.

    `ids`: Message-ID of the mail itself, then those it refers to, newest first.
    """
    own, quoted = text.own[:MOST_READ], text.quoted[:MOST_READ]
    words = words_of(text.subject[:MOST_READ], own, quoted)
    once = hashing.once
    threads = dict.fromkeys([*([once("T", words.thread)] if words.thread else ()), *(once("M", i) for i in ids if i)])

    def hashed(kind: str, members: Iterable[str], most: int = MOST_WORDS) -> tuple[int, ...]:
        return tuple(dict.fromkeys(hashing.each(kind, members)))[:most]

    return Traits(
        own=hashed("w", words.own),
        quoted=hashed("w", words.quoted),
        subject=hashed("s", words.subject, MOST_SUBJECT),
        thread=tuple(threads)[:MOST_OTHERS],
        greeted=hashed("g", words.greeted),
        written=hashed("a", addresses_in(f"{own}\n{quoted}"), 2 * MOST_OTHERS),
        reply=words.reply or any(ids[1:]),
        titled=bool(words.thread),
        author=_named(words.answered.author, hashing),
        members=_named(words.answered.members, hashing),
        passed=words.answered.passed,
    )


def _named(said: Sequence[str], hashing: Hashing) -> tuple[int, ...]:
    """Words of names as a greeting has them, addresses as such."""
    return tuple(dict.fromkeys(hashing("a" if "@" in one else "g", one) for one in said))[:MOST_NAMED]
