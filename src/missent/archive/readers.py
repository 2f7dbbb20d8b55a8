"""Where past mail comes from: files and folders told apart by what is in them, not by their names.

A new kind of archive is a row of `SNIFFERS` and a reader: `(path, start) -> iterator of Item or Skipped`, where `start` is
the `resume` of the last item taken. A damaged or unknown file is a Skipped and never ends the reading of the others.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from missent.archive.item import Item
from missent.archive.logs.reading import log_kind
from missent.archive.mbox import LARGEST, read_mbox
from missent.archive.streams import Stream, head
from missent.nouns.verdict import Skipped

Reader = Callable[[Path, int], Iterator[Item | Skipped]]

_FIELD = re.compile(rb"\s*(?:[!-9;-~]+[ \t]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n){2}|\s*[!-9;-~]+:[ \t]")


class Source(NamedTuple):
    """One file of messages.

    Attributes:
        path: the file.
        kind: `mbox`, `eml`, or that of a log (`missent.archive.logs.reading.LOGS`); "" where the content is of no known kind.
        read: messages from an offset on.
    """

    path: Path
    kind: str
    read: Reader

    @property
    def is_log(self) -> bool:
        """Whether it is a mail server's log: it has no items, `missent.archive.logs.reading.LogFile` reads it."""
        return self.kind.endswith("-log")

    def items(self, start: int = 0) -> Iterator[Item | Skipped]:
        """Messages from offset `start` on; what cannot be opened is a Skipped."""
        try:
            yield from self.read(self.path, start)
        except OSError:
            yield Skipped(str(self.path), "cannot-be-opened")


class Sniffer(NamedTuple):
    """How a kind of archive looks in its first 4 kB, unpacked, and who reads it."""

    kind: str
    looks: Callable[[bytes], bool]
    read: Reader


def read_eml(path: Path, start: int = 0) -> Iterator[Item | Skipped]:
    """A file that is one message, also packed; an mbox separator left at its top is passed over by who reads it."""
    if start:
        return
    stream, raw = Stream(path), bytearray()
    for chunk in stream.chunks():
        raw += chunk
        if len(raw) > LARGEST:
            yield Skipped(str(path), "too-large")
            return
    if raw:
        yield Item(bytes(raw), str(path), len(raw))
    if stream.damage:
        yield Skipped(str(path), stream.damage)


def _unknown(path: Path, _start: int) -> Iterator[Item | Skipped]:
    yield Skipped(str(path), "not-a-known-type")


def _log(path: Path, _start: int) -> Iterator[Item | Skipped]:
    yield Skipped(str(path), "log-not-joined")


SNIFFERS = (
    Sniffer("mbox", lambda first: first.startswith(b"From "), read_mbox),
    Sniffer("eml", lambda first: bool(_FIELD.match(first.removeprefix(b"\xef\xbb\xbf"))), read_eml),
)
"""In order: the first that knows the content reads it."""


def open_source(path: Path, start: int = 0) -> Iterator[Item | Skipped]:
    """Every message of a file or folder; `start` is for a single file. Raises FileNotFoundError if there is none such."""
    for source in sources(path):
        yield from source.items(start)


def sources(path: Path) -> Iterator[Source]:
    """The files with messages that a path stands for, folders in the order of names.

    Of a Maildir (a folder with `cur` and `new`) the messages in these, and folders within it; of other folders every file
    that is not hidden. Raises FileNotFoundError if there is no such path.
    """
    if not path.exists():
        raise FileNotFoundError(path)
    if path.is_dir():
        yield from _folder(path)
    else:
        yield _source(path)


def _folder(path: Path) -> Iterator[Source]:
    try:
        entries = sorted(path.iterdir())
    except OSError:
        yield Source(path, "", _unknown)
        return
    maildir = (path / "cur").is_dir() and (path / "new").is_dir()
    for entry in entries:
        if entry.is_dir() and not entry.is_symlink():
            if maildir and entry.name in {"cur", "new"}:
                yield from (Source(file, "eml", read_eml) for file in sorted(entry.iterdir()) if file.is_file())
            elif entry.name != "tmp" or not maildir:
                yield from _folder(entry)
        elif entry.is_file() and not maildir and not entry.name.startswith("."):
            yield _source(entry)


def _source(path: Path) -> Source:
    try:
        first = head(path)
    except OSError:
        return Source(path, "", read_eml)  # opening it again says what is wrong
    if log := log_kind(first):
        return Source(path, log, _log)
    for sniffer in SNIFFERS:
        if sniffer.looks(first):
            return Source(path, sniffer.kind, sniffer.read)
    return Source(path, "", _unknown)
