"""Which stretches of a piece could be markings: found by the letters no marking lacks, then by their place on the page."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice

from missent.content.markings import subjects
from missent.content.markings.found import Position, Slot
from missent.content.markings.layout import Line, lines
from missent.content.markings.writing import LONGEST
from missent.content.pieces import PAGE_BREAK, Piece

_MOST = 5_000
"""Lines looked at in one text for one stem; of more, the first and last half."""
_FAR = 4_000
"""Characters after which a line is looked at again, whether or not it has ended."""

STEMS = (
    "secret", "official", "confiden", "restrict", "protect", "classif", "unclas", "controlled", "cui", "fouo", "sbu",
    "privileg", "proprietary", "internal use", "internal only", "company internal", "commercially", "tlp", "sec=", "nato",
    "otan", "cosmic", "law enforcement sens", "attorney", "s e c r e t", "c o n f i d", "u n c l a s",
)  # fmt: skip
"""Letters, in lower case, of which every marking but a portion mark has some."""
_SHORT = re.compile(r"\((?:U|C|S|TS|NU|NR|NC|NS|CTS|NCA|NSAT|CTSA)[)/]")
_SLASHED = ("S//", "C//", "U//")

_LABELLED = re.compile(
    r"(?i)^\W{0,6}(?:overall |document |security |data |e-?mail |message )?"
    r"(?:classification|protective marking|marking|handling)(?: level)?\W{0,3}(?::|=| -| is:?(?= ))\s*(.+)$"
)
_PORTION = re.compile(
    r"^\s{0,40}(?:(?:\(?[0-9a-zA-Z]{1,3}(?:\.[0-9a-z]{1,3}){0,4}[.)]|[-*\u2022\u25cf\u25e6])\s{0,8}){0,2}"
    r"\(([^()]{1,160})\)(?=\s|$|[A-Z])"
)
_TAIL_PORTION = re.compile(r"\s\(([A-Z][A-Z0-9 /,.-]{0,100})\)\W{0,3}$")
_GUTTER = re.compile(r"\s{3,}|\t|[|]")
_REPLY = re.compile(r"(?i)^(?:\s{0,5}(?:re|fw|fwd|aw|wg|sv|vs|tr|rv|antw|odp|ynt|ref)(?:\[\d{1,3}\])?\s?:){1,20}\s*")


def of(piece: Piece) -> Iterator[Slot]:
    """Slots of one piece of text, in order."""
    if piece.kind in ("subject", "name"):
        if _hits(piece.text[:2000]):
            text = subjects.of_file(piece.text[:2000]) if piece.kind == "name" else piece.text
            yield subject(text, 0)
        return
    for offset, number, page, hits in _pages(piece.text, _hits(piece.text)):
        for line in lines(page, hits):
            yield from _of_line(line, offset, number)


def _pages(text: str, hits: list[int]) -> Iterator[tuple[int, int, str, list[int]]]:
    """Pages that hold hits: offset, number, text, and the hits as offsets in the page."""
    at = start = number = 0
    while at < len(hits):
        end = text.find(PAGE_BREAK, start)
        end = len(text) if end < 0 else end
        inside = bisect_left(hits, end, at)
        if inside > at:
            yield start, number, text[start:end], [hit - start for hit in hits[at:inside]]
        at, start, number = inside, end + 1, number + 1


def subject(text: str, start: int) -> Slot:
    """A subject without its reply prefixes."""
    text = text[:2000]
    prefix = _REPLY.match(text)
    cut = prefix.end() if prefix else 0
    return Slot(text[cut:], Position.SUBJECT, start + cut, top=True)


def _hits(text: str) -> list[int]:
    """An offset in each line that holds a stem, in order; of very many the first and the last."""
    low = text.lower()
    if len(low) != len(text):
        low = text.replace("\u0130", "I").lower()
    low = low.replace(PAGE_BREAK, "\n")
    shorts = islice(_SHORT.finditer(text), _MOST) if "(" in text else ()
    slashed = _each(text.replace(PAGE_BREAK, "\n"), _SLASHED) if "//" in text else ()
    return sorted({*_each(low, STEMS), *slashed, *(m.start() for m in shorts)})


def _each(text: str, stems: tuple[str, ...]) -> Iterator[int]:
    """One offset for each line and stem, so that a hostile line costs no more than its length."""
    for stem in [s for s in stems if s in text]:
        at, count = text.find(stem), 0
        while at >= 0 and count < _MOST // 2:
            yield at
            end = text.find("\n", at, at + _FAR)
            at, count = text.find(stem, end if end >= 0 else at + _FAR), count + 1
        last, end = at, len(text)
        while last >= 0 and count and (at := text.rfind(stem, last, end)) >= 0:
            yield at
            end, count = max(text.rfind("\n", 0, at), 0), count - 1


def _of_line(line: Line, offset: int, page: int) -> Iterator[Slot]:
    start = offset + line.start
    if line.field == "subject":
        value = line.text.partition(":")[2]
        yield subject(value.strip(" *"), start + len(line.text) - len(value.lstrip(" *")))
        return
    if line.field:
        return
    labelled = _LABELLED.match(line.text) if len(line.text) <= LONGEST else None
    if labelled:
        yield Slot(labelled[1], Position.LABEL, start + labelled.start(1), page, line.top, line.bottom)
        return
    portion = _PORTION.match(line.text[:240])
    if portion:
        yield Slot(portion[1], Position.PORTION, start + portion.start(1), page)
    tail = _TAIL_PORTION.search(line.text[-120:]) if len(line.text) <= 160 else None
    if tail and not portion:
        yield Slot(tail[1], Position.PORTION, start + max(0, len(line.text) - 120) + tail.start(1), page)
    yield from _cells(line, start, page)


def _cells(line: Line, start: int, page: int) -> Iterator[Slot]:
    """Columns of a line: extractors set side by side what stood left and right on the page."""
    if len(line.text) > 2 * LONGEST or not (line.edge or line.alone):
        return
    position = Position.BANNER if line.edge else Position.LINE
    if line.edge and line.below.isupper():
        text = f"{line.text.strip()} - {line.below}"
        yield Slot(text[:LONGEST], position, start, page, line.top, line.bottom, line.alone)
    at = 0
    for cell in _GUTTER.split(line.text, maxsplit=12)[:12]:
        at = line.text.index(cell, at)
        if 2 < len(cell) <= LONGEST:
            yield Slot(cell, position, start + at, page, line.top, line.bottom, line.alone)
