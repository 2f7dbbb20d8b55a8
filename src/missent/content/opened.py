"""A message opened: its texts with their places, its attachments, what they hold that nobody sees, and what stayed shut.

This is what crosses from the rooms that read (`missent.reading`, hostile files in worker processes) to those that judge:
plain data, so that a verdict can be replayed without opening anything again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from missent.content.pieces import Piece
from missent.nouns.verdict import Skipped


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attached file, or one file within another.

    Attributes:
        path: its MIME part, with `!n` for the n-th file within (`2`, `2!3`); `attachment:<path>` is its `Piece.where`.
        name: file name as given, for judging only: it stands in no log, finding or metric.
        kind: media type told by its content, not by its name.
        size: octets, transfer encoding undone.
        sha256: hex digest of these octets.
        people: distinct people whose records it holds (names beside addresses, numbers or dates of birth).
    """

    path: str
    name: str
    kind: str
    size: int
    sha256: str
    people: int = 0


@dataclass(frozen=True, slots=True)
class Hidden:
    """Something a file holds that who sends it does not see.

    Attributes:
        where: as `Piece.where`.
        kind: `hidden-sheet`, `hidden-rows`, `filtered-rows`, `pivot-cache`, `tracked-changes`, `comments`, `notes`, …
        shown, held: how many of the kind one sees, and how many there are ("you see 150 rows, the file holds 18,714").
    """

    where: str
    kind: str
    shown: int
    held: int


class Mark(NamedTuple):
    """Keyed hashes of one attachment (`missent.content.carried`): of its octets, and of its words (none if it has few)."""

    path: str
    exact: bytes
    near: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """All that was got out of one message's parts.

    Attributes:
        pieces: texts, new text (`body`) apart from quoted history (`quoted`).
        skipped: what could not be read, with reason ids; never a pass.
        marks: of attachments by which they are known again; empty where there is no key.
    """

    pieces: tuple[Piece, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def carried(self) -> tuple[bytes, ...]:
        """All hashes of all marks, each once."""
        return tuple(dict.fromkeys(h for mark in self.marks for h in (mark.exact, *mark.near)))

    def unread(self, said: Iterable[Skipped]) -> tuple[Skipped, ...]:
        """All that was not read, each once: what was `said` of parts and opening did not mend, and of files."""
        mended = {a.path for a in self.attachments if a.kind == UNWRAPPED}
        kept = (s for s in said if s.where not in mended or s.reason not in _BY_TYPE)
        return tuple(dict.fromkeys((*kept, *self.skipped)))


UNWRAPPED = "application/pkcs7-mime; smime-type=signed-data"
"""Kind of an S/MIME body whose content was read."""
_BY_TYPE = ("signed-opaque", "encrypted")
"""Reasons told of such a body by its type alone."""

NOTHING_OPENED = Opened()
"""Where only addresses or the header are known."""
