"""Where past mail comes from: files and folders told apart by what is in them, not by their names.

A new kind of archive is a row of `SNIFFERS` and a reader: `(path, start) -> iterator of Item or Skipped`, where `start` is
the `resume` of the last item taken. A damaged or unknown file is a Skipped and never ends the reading of the others.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from missent.archive import eml, journal, objects
from missent.archive.containers import DEEPEST, Budget, Member, is_tar, is_zip, tar_members, zip_members
from missent.archive.folders import walk
from missent.archive.imap import account_of, folders, read_imap
from missent.archive.item import Item
from missent.archive.logs.reading import log_kind
from missent.archive.mbox import read_mbox
from missent.archive.outlook import msg, pst
from missent.archive.streams import head
from missent.nouns.verdict import Skipped

Reader = Callable[[Path, int], Iterator[Item | Skipped]]
Members = Callable[[Path, Budget], Iterator[Member | Skipped]]


_HEADER = 1 << 13
"""Octets in which the mark of a journal report is looked for in every message."""


class Source(NamedTuple):
    """One file of messages, or of a log, or of such files.

    Attributes:
        path: the file.
        kind: an id of `SNIFFERS`, `CONTAINERS` or `missent.archive.logs.reading.LOGS`; "" where the content is of none.
        read: messages from an offset on.
        known: what the listing it comes from tells of it; None of a file here.
    """

    path: Path
    kind: str
    read: Reader
    known: objects.Known | None = None

    @property
    def is_log(self) -> bool:
        """Whether it is a mail server's log: it has no items, `missent.archive.handovers` reads it."""
        return self.kind.endswith("-log")

    @property
    def may_hold_logs(self) -> bool:
        """Whether `missent.archive.handovers` should be asked too: a log, or a container with logs among its members."""
        return self.is_log or self.kind in CONTAINERS

    def items(self, start: int = 0) -> Iterator[Item | Skipped]:
        """Messages from offset `start` on, those within journal reports in their place; what cannot be opened is a Skipped."""
        try:
            for found in self.read(self.path, start):
                if isinstance(found, Item) and found.raw.find(journal.MARK, 0, _HEADER) >= 0:
                    yield from journal.opened(found)
                else:
                    yield found
        except OSError:
            yield Skipped(str(self.path), "cannot-be-opened")


class Sniffer(NamedTuple):
    """How a kind of archive looks in its first 4 kB, unpacked, and who reads it."""

    kind: str
    looks: Callable[[bytes], bool]
    read: Reader


def _skipped(reason: str, path: Path, _start: int = 0) -> Iterator[Item | Skipped]:
    yield Skipped(str(path), reason)


CONTAINERS: dict[str, tuple[Callable[[bytes], bool], Members]] = {
    "tar": (is_tar, tar_members),
    "zip": (is_zip, zip_members),
}
"""Kind -> how it looks, and its members."""

SNIFFERS = (
    Sniffer("mbox", lambda first: first.startswith(b"From "), read_mbox),
    Sniffer("pst", pst.looks, pst.read_pst),
    Sniffer("msg", msg.looks, msg.read_msg),
    Sniffer("eml", eml.looks, eml.read_eml),
)
"""In order: the first that knows the content reads it."""

_STREAMED = frozenset(("mbox", "eml"))
"""Kinds read from beginning to end: of one that lies elsewhere no copy is made."""


def open_source(path: Path, start: int = 0) -> Iterator[Item | Skipped]:
    """Every message of a file or folder; `start` is for a single file. Raises FileNotFoundError if there is none such."""
    for source in sources(path):
        yield from source.items(start)


def sources(path: Path) -> Iterator[Source]:
    """The files of a path (see `missent.archive.folders.walk`), the folders of an account, the objects of a bucket.

    Raises FileNotFoundError if there is none such, ConfigError if an account or a bucket cannot be asked.
    """
    account, one, path = account_of(path), objects.object_of(path), objects.local(path)
    if account:
        for folder, octets, version in folders(account):
            yield Source(folder.path, "imap", read_imap, objects.Known(octets, version))
        return
    if one:
        yield from (source_of(each.path)._replace(known=known) for each, known in objects.found(one))
        return
    if not path.exists():
        raise FileNotFoundError(path)
    if not path.is_dir():
        yield source_of(path)
        return
    for found in walk(path):
        if not found.listed:
            yield Source(found.path, "", partial(_skipped, "cannot-be-opened"))
        else:
            yield Source(found.path, "eml", eml.read_eml) if found.mail else source_of(found.path)


def is_there(path: Path) -> bool:
    """Whether a path stands for a file, a folder or an account; an account or a bucket is not asked.

    Raises ConfigError where what reads it from elsewhere is not installed.
    """
    if one := objects.object_of(path):
        objects.reachable(one)
        return True
    return objects.local(path).exists() or account_of(path) is not None


def source_of(path: Path) -> Source:
    """One file, told by its content; or a folder of an account, told by its path."""
    if account_of(path):
        return Source(path, "imap", read_imap)
    try:
        first = head(path)
        if not first and objects.known(path).octets:  # packed, and damaged at once or by what is not installed: reading says so
            return Source(path, "", eml.read_eml)
    except OSError:
        return Source(path, "", partial(_skipped, "cannot-be-opened"))
    return Source(path, *_told(first))


def _told(first: bytes) -> tuple[str, Reader]:
    """The kind of a file that begins so, and its reader."""
    for kind, (looks, _) in CONTAINERS.items():
        if looks(first):
            return kind, partial(_read_container, kind)
    if log := log_kind(first):
        return log, partial(_skipped, "log-not-joined")
    for sniffer in SNIFFERS:
        if sniffer.looks(first):
            return sniffer.kind, sniffer.read if sniffer.kind in _STREAMED else partial(_read_at_hand, sniffer.read)
    return "", partial(_skipped, "not-a-known-type")


def _read_at_hand(read: Reader, path: Path, start: int = 0) -> Iterator[Item | Skipped]:
    """Read what must be sought in: where it lies, or from a copy of what lies elsewhere."""
    with objects.at_hand(path) as here:
        for found in read(here, start):
            where = f"{path}{found.where.removeprefix(str(here))}"
            yield found._replace(where=where) if isinstance(found, Item) else Skipped(where, found.reason)


class Inner(NamedTuple):
    """A source within a container: its name there (`b.zip!c.mbox`), and the source while it lasts."""

    name: str
    source: Source


def inside(path: Path, kind: str, depth: int = 0, budget: Budget | None = None) -> Iterator[Inner | Skipped]:
    """What a container holds, and containers within it, down to `DEEPEST`. Raises OSError if it cannot be opened."""
    with objects.at_hand(path) as here:
        for found in _inside(here, kind, depth, budget or Budget(here)):
            if isinstance(found, Skipped):
                yield Skipped(f"{path}{found.where.removeprefix(str(here))}", found.reason)
            else:
                yield found


def _inside(path: Path, kind: str, depth: int, budget: Budget) -> Iterator[Inner | Skipped]:
    _, members = CONTAINERS[kind]
    for member in members(path, budget):
        if isinstance(member, Skipped):
            yield member
            continue
        source = source_of(member.path)
        if source.kind not in CONTAINERS:
            yield Inner(member.name, source)
        elif depth == DEEPEST:
            yield Skipped(f"{path}!{member.name}", "too-deep-inside")
        else:
            for found in inside(member.path, source.kind, depth + 1, budget):
                if isinstance(found, Skipped):
                    yield Skipped(_renamed(found.where, member, path), found.reason)
                else:
                    yield Inner(f"{member.name}!{found.name}", found.source)


def _read_container(kind: str, path: Path, start: int = 0) -> Iterator[Item | Skipped]:
    """Messages of a container's members. Its offsets count messages; logs among the members are left to who joins them."""
    done = 0
    for found in inside(path, kind):
        if isinstance(found, Skipped):
            yield found
            continue
        if found.source.is_log:
            continue
        for item in found.source.items():
            where = _renamed(item.where, Member(found.name, found.source.path), path)
            if isinstance(item, Skipped):
                yield Skipped(where, item.reason)
                continue
            done += 1
            if done > start:
                yield item._replace(where=where, resume=done)


def _renamed(where: str, member: Member, container: Path) -> str:
    return f"{container}!{member.name}{where.removeprefix(str(member.path))}"
