"""What a parser says of one stretch of text, and what is told to the rest of missent."""

from dataclasses import dataclass
from enum import StrEnum

from missent.nouns.verdict import Marking


class Position(StrEnum):
    """Where on the page a marking stands; the same word elsewhere is only a word."""

    FIELD = "field"
    LABEL = "label"
    SUBJECT = "subject"
    BANNER = "banner"
    LINE = "line"
    PORTION = "portion"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class Reading:
    """One marking as a scheme's grammar read it.

    Attributes:
        scheme: name of the scheme; "" for a bare word (SECRET, OFFICIAL, …) whose scheme the text alone does not tell.
        level: the scheme's own word; for a bare word that word.
        controls: caveats, descriptors and handling instructions in the scheme's long form and order.
        syntax: whether its form (`//`, `[SEC=`, `TLP:`, `OFFICIAL-SENSITIVE`) is one that prose does not take.
    """

    scheme: str
    level: str
    controls: tuple[str, ...] = ()
    syntax: bool = True


@dataclass(frozen=True, slots=True)
class Slot:
    """A place on a page that a marking could fill, with what stands in it.

    Attributes:
        text: the whole content of the place, as written.
        start: offset in the piece.
        page: number of the page, from 0.
        top, bottom: whether it is among the first or last lines of its page.
        alone: whether it is a paragraph by itself.
    """

    text: str
    position: Position
    start: int = 0
    page: int = 0
    top: bool = False
    bottom: bool = False
    alone: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A marking, its position, and its offsets in the piece `marking.where` names."""

    marking: Marking
    position: Position
    start: int = 0
    end: int = 0
