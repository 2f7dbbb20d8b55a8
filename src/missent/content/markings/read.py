"""What a slot says: its place decides how much of it may be a marking, and how it must be written to be one.

A banner is the whole of its line; a subject carries a tag at its start or end; a field or label is meant as a marking
whatever its case; a portion mark is short, in capitals and in brackets. Anything longer is a sentence in which the word
merely occurs.
"""

import re

from missent.content.markings import nato, subjects, us_cui, us_eo13526
from missent.content.markings.found import Position, Reading, Slot
from missent.content.markings.schemes import whole
from missent.content.markings.writing import capitals, plain

_NUMBER_AFTER = re.compile(
    r"\s{0,3}(?:\d{4}|copyright|[+(]?\d{2,4}[ .)/-]|(?:\S{1,20} ){1,4}(?:19|20)\d\d\W{0,3}$)", re.IGNORECASE | re.MULTILINE
)


def slot(slot: Slot, own: tuple[str, ...]) -> Reading | None:
    """The reading of one slot, or None. Bare words come back with an empty scheme: `resolve` says what they are."""
    if slot.position is Position.SUBJECT:
        return subjects.read(slot.text, own, portion)
    if slot.position is Position.PORTION:
        return portion(slot.text, own)
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


def portion(text: str, own: tuple[str, ...]) -> Reading | None:
    """The reading of what stands in brackets, in capitals and short forms; None if it is none."""
    text = plain(text)
    if not capitals(text.replace("Sensitive", "")):
        return None
    for read in (us_eo13526.read_portion, nato.read_portion, us_cui.read):
        reading = read(text)
        if reading:
            return reading
    return whole(text, own)


def no_portion(text: str, end: int) -> bool:
    """Whether `(C)` before `end` is a copyright sign or a telephone: a year, a number or a name and a year comes next."""
    return _NUMBER_AFTER.match(text, end + 1, end + 100) is not None
