"""Where the lines of a page stand: its top and bottom, and the sections that quoted messages make of it.

A banner stands in the first or last lines of a page, of a message, or of a message quoted below another. Everything here
is one pass over the lines that are not blank.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

EDGE = 4
"""Lines (not counting blank ones) from the top or bottom of a section in which a banner is looked for."""

_FIELD = re.compile(
    r"(?i)[>|\s]{0,20}\*?(from|to|cc|bcc|sent|date|subject|importance|reply-to|attachments|organi[sz]ation|message-id|x-[a-z-]{2,40})\*?\s?:"
)
_DIVIDER = re.compile(r"[>|\s]{0,20}(?:[-_=*]{3,}.{0,80}|on .{5,200} wrote:\s{0,9})$", re.IGNORECASE)
_QUOTE = re.compile(r"^[>|\s]+")
_LINE = re.compile(r"[^\n]+")
_LABEL = re.compile(r"(?i)classification|marking")
_BLANK = "> \t\r|"


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank.

    Attributes:
        start: offset in the page.
        edge: whether it stands at the top or bottom of its section.
        top, bottom: whether it stands at the top or bottom of the whole page.
        alone: whether blank lines stand around it, or it is the first or last line of its section; not if it is announced.
        below: the line directly below it, if that is short; "" otherwise.
        field: name of the header field it quotes, in lower case, or "".
    """

    text: str
    start: int
    edge: bool
    top: bool
    bottom: bool
    alone: bool
    below: str = ""
    field: str = ""


def lines(page: str, wanted: Iterable[int]) -> Iterator[Line]:
    """The lines in which one of the `wanted` offsets lies, each once, in order."""
    spans = [m.span() for m in _LINE.finditer(page) if page[m.start() : m.end()].strip(_BLANK)]
    starts = [start for start, _ in spans]
    fields, breaks = _sections(page, spans)
    for number in sorted({bisect_right(starts, offset) - 1 for offset in wanted}):
        if number < 0:
            continue
        start, end = spans[number]
        place = bisect_right(breaks, number) - 1
        after = number - breaks[place] - 1
        before = (breaks[place + 1] if place + 1 < len(breaks) else len(spans)) - number - 1
        text = page[start:end]
        quote = _QUOTE.match(text)
        skip = quote.end() if quote else 0
        edge = after < EDGE or before < EDGE
        bottom = number >= len(spans) - EDGE
        yield Line(
            text[skip:],
            start + skip,
            edge,
            number < EDGE,
            bottom,
            _stands_alone(page, spans, number, first=after <= 0, last=before <= 0),
            _below(page, spans, number),
            fields.get(number, ""),
        )


def _stands_alone(page: str, spans: list[tuple[int, int]], number: int, *, first: bool, last: bool) -> bool:
    """Whether a line is its own paragraph or its section's first or last.

    What a colon announces is an item of a text, unless the line before names a marking: then it is one.
    """
    if first:
        return True
    start, end = spans[number - 1]
    before = page[start:end].rstrip(_BLANK)
    if before.endswith(":"):
        return _LABEL.search(before) is not None
    return last or _alone(page, spans, number)


def _below(page: str, spans: list[tuple[int, int]], number: int) -> str:
    """A banner's second line: what stands directly below, if it is no longer than one would be."""
    if number + 1 >= len(spans) or page.count("\n", spans[number][1], spans[number + 1][0]) != 1:
        return ""
    start, end = spans[number + 1]
    return page[start:end].strip(_BLANK) if end - start <= 120 else ""


def _alone(page: str, spans: list[tuple[int, int]], number: int) -> bool:
    """Whether more than one line end lies between it and its neighbours."""
    start, end = spans[number]
    above = number == 0 or page.count("\n", spans[number - 1][1], start) > 1
    below = number == len(spans) - 1 or page.count("\n", end, spans[number + 1][0]) > 1
    return above and below


def _sections(page: str, spans: list[tuple[int, int]]) -> tuple[dict[int, str], list[int]]:
    """Names of quoted header fields by line, and the numbers of lines that end one section and begin another."""
    fields: dict[int, str] = {}
    breaks = [-1]
    for number, (start, end) in enumerate(spans):
        field = _FIELD.match(page, start, min(end, start + 80))
        if field:
            fields[number] = field[1].lower()
            breaks.append(number)
        elif end - start < 300 and _DIVIDER.match(page, start, end):
            breaks.append(number)
    return fields, breaks
