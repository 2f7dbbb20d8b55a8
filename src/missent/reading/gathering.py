"""What is got out of one message while it is opened: pieces, attachments, hidden data and what stayed shut.

A reader sees an `Into`, bound to the file it reads, and cannot say anything about another file.
"""

import re
from dataclasses import dataclass, field
from typing import Protocol

from missent.content.opened import Attachment, Hidden, Opened
from missent.content.pieces import Piece
from missent.nouns.verdict import Skipped
from missent.reading.budget import Budget

_LONE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class File:
    """One file to be opened, as octets.

    Attributes:
        path: its MIME part, `!n` for the n-th file within.
        name: as given, decoded; "" if it has none.
        declared: media type as its sender says; "" if nobody says.
        charset: as declared.
        depth: files it lies within.
    """

    path: str
    name: str
    data: bytes
    declared: str = ""
    charset: str = ""
    depth: int = 0

    @property
    def where(self) -> str:
        """Where its text stands, as `Piece.where`."""
        return f"attachment:{self.path}"


class OpenFile(Protocol):
    """Opens one file; what comes of it is gathered. Never raises."""

    def __call__(self, file: File) -> None:
        """Open it."""


@dataclass(slots=True)
class Gathering:
    """One message's finds so far, and what it may still cost.

    Attributes:
        said: what was said to be unread before.
    """

    budget: Budget
    said: frozenset[Skipped] = frozenset()
    pieces: list[Piece] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def piece(self, where: str, text: str) -> None:
        """Text with its place; empty text is none, and what is beyond the limit is said to be unread."""
        if not text or text.isspace():
            return
        given = self.budget.text(len(text))
        if given < len(text):
            self.skip(where.partition(":")[2].partition("/")[0] or where, "too-much-text")
        if given:
            text = text[:given]
            self.pieces.append(Piece(where, text if text.isascii() else _LONE.sub("\N{REPLACEMENT CHARACTER}", text)))

    def skip(self, where: str, reason: str) -> None:
        """Something was not read; each reason is said once for a place."""
        skipped = Skipped(where, reason)
        if reason == "encrypted-message" and Skipped(where, "encrypted") in self.said:
            return
        if skipped not in self.said and skipped not in self.skipped[-50:]:
            self.skipped.append(skipped)

    def opened(self) -> Opened:
        """All of it."""
        return Opened(tuple(self.pieces), tuple(self.attachments), tuple(self.hidden), tuple(self.skipped))

    def add(self, opened: Opened) -> None:
        """What somebody else found."""
        self.pieces += opened.pieces
        self.attachments += opened.attachments
        self.hidden += opened.hidden
        for skipped in opened.skipped:
            self.skip(skipped.where, skipped.reason)


@dataclass(slots=True)
class Into:
    """Where the reader of one file, or of one message, puts what it finds.

    Attributes:
        where: of its text, as `Piece.where`; "" for the message that is judged.
        path: its MIME part, `!n` for the n-th file within.
        depth: files it lies within.
        open: opens a file within.
        ocr: whether images' text is asked for.
        within: files opened so far.
        told: digests of texts that were told, so that none is told twice.
    """

    gathering: Gathering
    where: str
    path: str
    open: OpenFile
    depth: int = 0
    ocr: bool = False
    within: int = 0
    told: set[int] = field(default_factory=set)

    def first(self, text: object) -> bool:
        """Whether this is seen for the first time."""
        new = hash(text) not in self.told
        self.told.add(hash(text))
        return new

    @property
    def budget(self) -> Budget:
        """What may still be unpacked."""
        return self.gathering.budget

    def at(self, where: str, path: str) -> "Into":
        """Another place of the same message."""
        return Into(self.gathering, where, path, self.open, self.depth, self.ocr)

    def place(self, step: str) -> str:
        """Where a step of it stands: `subject` for the message that is judged, `attachment:2/subject` for one within."""
        return f"{self.where}/{step}" if self.where and step else self.where or step

    def text(self, text: str, step: str = "") -> None:
        """Text of the file, or of a step of it (`body`, `quoted`, `subject`, `header:x`)."""
        self.gathering.piece(self.place(step), text)

    def property(self, name: str, value: object) -> None:
        """A document property."""
        if value not in (None, "", b""):
            self.text(str(value)[:10_000], f"property:{name.strip()[:200]}")

    def hidden(self, kind: str, shown: int, held: int) -> None:
        """Something its sender does not see; nothing where all is shown."""
        if held > shown:
            self.gathering.hidden.append(Hidden(self.where, kind, shown, held))

    def skip(self, reason: str) -> None:
        """It, or a part of it, was not read."""
        self.gathering.skip(self.path, reason)

    def inside(self, name: str, data: bytes, declared: str = "", step: str = "") -> None:
        """A file within this one, numbered, or under a step of its own."""
        self.within += not step
        path = f"{self.path}!{step or self.within}"
        self.open(File(path, name, data, declared, depth=self.depth + 1))
