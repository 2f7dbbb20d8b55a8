"""What a slot says: its place decides how much of it may be a marking, and how it must be written to be one.

A banner is the whole of its line; a subject carries a tag at its start or end; a field or label is meant as a marking
whatever its case; a portion mark is short, in capitals and in brackets. Anything longer is a sentence in which the word
merely occurs.
"""

import re
from collections.abc import Iterator

from missent.content.markings import au_pspf, nato, tlp, us_cui, us_eo13526
from missent.content.markings.found import Position, Reading, Slot
from missent.content.markings.schemes import whole
from missent.content.markings.writing import LONGEST, capitals, plain

_BRACKETED = re.compile(r"[\[{(]([^\[\](){}]{1,200})[\])}]")
_BREAK = re.compile(r" ?(?:: |:$| - |\|| // )|(?<=[\])]) ?| ")
_ENDS = (":", " -", "|", "]", ")", " //")
_WORDS = 14
_NUMBER_AFTER = re.compile(r"\s{0,3}(?:\d{4}|copyright|[+(]?\d{2,4}[ .)/-])", re.IGNORECASE)


def slot(slot: Slot, own: tuple[str, ...]) -> Reading | None:
    """The reading of one slot, or None. Bare words come back with an empty scheme: `resolve` says what they are."""
    if slot.position is Position.SUBJECT:
        return _subject(slot.text, own)
    if slot.position is Position.PORTION:
        return _portion(slot.text, own)
    reading = whole(slot.text, own)
    if reading is None or slot.position in (Position.FIELD, Position.LABEL):
        return reading
    return reading if _stands_out(slot, reading) else None


def _stands_out(slot: Slot, reading: Reading) -> bool:
    """Whether a line is a banner by its writing: capitals at an edge; else a paragraph of its own that begins with one."""
    text = plain(slot.text)
    if slot.position is Position.BANNER:
        titled = slot.alone and text[0].isupper() and not slot.text.rstrip().endswith((".", ",", ";", "?"))
        loud = capitals(text) and (slot.alone or reading.syntax)
        return loud or reading.scheme == "tlp" or (titled and (reading.syntax or text == "Confidential"))
    return slot.alone and capitals(text) and reading.syntax


def _portion(text: str, own: tuple[str, ...]) -> Reading | None:
    text = plain(text)
    if not capitals(text.replace("Sensitive", "")):
        return None
    for read in (us_eo13526.read_portion, nato.read_portion, us_cui.read):
        reading = read(text)
        if reading:
            return reading
    return whole(text, own)


def _subject(text: str, own: tuple[str, ...]) -> Reading | None:
    """A tag of a subject: brackets anywhere, the whole of it, or what stands before or behind a separator."""
    for inside in _BRACKETED.findall(text)[:20]:
        reading = au_pspf.read_pairs(inside) if "SEC=" in inside.upper() else _portion(inside, own)
        if reading and (
            reading.syntax
            or text.lstrip()[1 : 1 + len(inside)] == inside
            or text.rstrip().endswith((f"{inside}]", f"({inside})"))
        ):
            return reading
    label = tlp.anywhere(text)
    if label:
        return label
    return _best(_tags(text), own)


def _best(tags: Iterator[tuple[str, bool]], own: tuple[str, ...]) -> Reading | None:
    for tag, parted in tags:
        reading = whole(tag, own)
        if reading is None:
            continue
        loud = capitals(plain(tag))
        if parted and (loud or (reading.syntax and plain(tag)[0].isupper())):
            return reading
        if loud and reading.syntax and ("//" in tag or "-SENSITIVE" in plain(tag)):
            return reading
    return None


def _tags(text: str) -> Iterator[tuple[str, bool]]:
    """Beginnings and ends of a subject, longest first, and whether a separator parts each from the rest."""
    text = text.strip()
    if len(text) <= LONGEST:
        yield text, True
    heads = [(m.start(), m.end(), m[0].strip()) for m in _BREAK.finditer(text[:LONGEST])][:_WORDS]
    for start, _, mark in reversed(heads):
        yield text[:start], bool(mark)
    tail = max(0, len(text) - LONGEST)
    for match in [m for m in _BREAK.finditer(text, tail) if m[0].strip()][-_WORDS:]:
        yield text[match.end() :], True


def no_portion(text: str, end: int) -> bool:
    """Whether `(C)` before `end` is a copyright sign or a kind of telephone: a year, the word or a number comes next."""
    return _NUMBER_AFTER.match(text, end + 1, end + 20) is not None
