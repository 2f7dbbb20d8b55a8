"""Mailboxes as mails the model can be told, duplicates dropped, and who owns which box."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from missent.archive.item import Item
from missent.archive.readers import open_source
from missent.message.decoding import opening
from missent.message.header import section, unfold
from missent.message.model import Message
from missent.message.reading import read
from missent.recipients.model.letter import Mail
from missent.recipients.model.traits import Hashing, Text, traits_of

TEXT = 4000
MOST_RECIPIENTS = 100
"""Mails to more are announcements; nobody slips into them by hand."""

_EARLIEST, _LATEST = datetime(1997, 1, 1, tzinfo=UTC), datetime(2003, 1, 1, tzinfo=UTC)


HASHING = Hashing()
"""All hashes of the benchmark are made with the key that `Memory` has by default."""


@dataclass(frozen=True, slots=True)
class Letter(Mail):
    """A mail with its text, which only the methods we compare with look at."""

    subject: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """One person's mailbox, in the order of time.

    Attributes:
        user: the file's name without endings.
        main: the address its owner wrote from most; owners: all of the owner's addresses.
        sent: mails by the owner to anybody else, each once.
        received: mails by others in which an address of the owner's stands.
        other: the rest of the box.
    """

    user: str
    main: str
    owners: frozenset[str]
    sent: list[Letter]
    received: list[Letter]
    other: list[Letter]


def boxes(folder: Path) -> list[Box]:
    """Every mailbox of a folder, by name."""
    return [box(path) for path in sorted(folder.iterdir()) if ".mbox" in path.suffixes]


def box(path: Path) -> Box:
    """One mailbox. A mail whose date, author, subject and recipients were seen is a copy."""
    user = path.name.partition(".")[0]
    read_in = list(_mails(path))
    owners = _owners(user, read_in)
    kept: dict[tuple[object, ...], Letter] = {}
    for mail, _ in sorted(read_in, key=lambda pair: pair[0].at):
        sender = f"\0{user}" if mail.sender in owners else mail.sender
        kept.setdefault((sender, int(mail.at), mail.subject, frozenset(mail.rcpts)), mail)
    main = _main(owners, read_in)
    sent, received, other = [], [], []
    for mail in kept.values():
        to_owner = any(rcpt in owners for rcpt in mail.rcpts)
        rcpts = tuple(rcpt for rcpt in mail.rcpts if rcpt not in owners)
        if mail.sender in owners:
            if rcpts:
                sent.append(replace(mail, sender=main, rcpts=rcpts))
        elif to_owner:
            received.append(replace(mail, rcpts=(main, *rcpts)))
        else:
            other.append(mail)
    return Box(user, main, owners, sent, received, other)


def stream(found: list[Box]) -> list[Letter]:
    """All boxes as one stream in the order of time, each mail once; an owner's addresses are one."""
    main = {a: b.main for b in found for a in b.owners}
    kept: dict[tuple[object, ...], Letter] = {}
    for mail in sorted((m for b in found for m in (*b.sent, *b.received, *b.other)), key=lambda m: m.at):
        sender = main.get(mail.sender, mail.sender)
        rcpts = tuple(dict.fromkeys(main.get(a, a) for a in mail.rcpts if main.get(a, a) != sender))
        if rcpts:
            one = replace(mail, sender=sender, rcpts=rcpts)
            kept.setdefault((sender, int(mail.at), mail.subject, frozenset(rcpts)), one)
    return list(kept.values())


def _mails(path: Path) -> Iterator[tuple[Letter, str]]:
    for item in open_source(path):
        if isinstance(item, Item):
            message = read(item.raw)
            if found := _mail(item.raw, message):
                yield found, _folder(item.raw)


def _mail(raw: bytes, message: Message) -> Letter | None:
    author = next(iter(message.from_), None)
    if author is None or not author.domain or message.date is None or not _EARLIEST < message.date < _LATEST:
        return None
    rcpts = tuple(r.key for r in message.rcpts if r.domain and r.key != author.key)
    if not rcpts or len(rcpts) > MOST_RECIPIENTS:
        return None
    names = {a.key: a.name for a in (author, *message.rcpts) if a.name}
    text = opening(raw, message, TEXT)
    traits = traits_of(Text(message.subject, text), HASHING)
    return Letter(author.key, rcpts, message.date.timestamp(), traits, names, message.subject, text)


def _folder(raw: bytes) -> str:
    for name, start, end in section(raw, 1 << 16).fields:
        if name == b"x-folder-name":
            return unfold(raw[start:end]).decode("latin-1").strip().lower()
    return ""


def _owners(user: str, read_in: list[tuple[Letter, str]]) -> frozenset[str]:
    """The most frequent author of the folders of sent mail (else of all), and what else that person is called there."""
    surname, _, initial = user.lower().partition("-")
    by = Counter(mail.sender for mail, _ in read_in)
    named = [a for a in by if _tokens(a)[-1:] == [surname] and _tokens(a)[0][:1] in (initial[:1], surname[:1])]
    sent = Counter(mail.sender for mail, folder in read_in if "sent" in folder)
    busiest = max(sent or by, key=lambda a: ((sent or by)[a], a))
    if named and busiest not in named:
        busiest = max(named, key=lambda a: (by[a], a))
    first, domain = _tokens(busiest)[0], busiest.rpartition("@")[2]
    everybody = {busiest, *by, *(rcpt for mail, _ in read_in for rcpt in mail.rcpts)}
    return frozenset(
        a for a in everybody if a == busiest or a in named or (a.endswith("@" + domain) and _is_called(a, first, surname))
    )


def _tokens(address: str) -> list[str]:
    local = address.partition("@")[0]
    return [t for t in local.replace("_", ".").replace("-", ".").split(".") if t] or [""]


def _is_called(address: str, first: str, surname: str) -> bool:
    tokens = _tokens(address)
    return tokens[-1] == surname and (len(tokens) == 1 or tokens[0] == first or len(tokens[0]) == 1)


def _main(owners: frozenset[str], read_in: list[tuple[Letter, str]]) -> str:
    by = Counter(mail.sender for mail, _ in read_in if mail.sender in owners)
    return max(owners, key=lambda a: (by[a], a))
