"""All markings of a message: every piece by its kind, bare words resolved together, and what outranks what within one
scheme.
"""

from collections.abc import Iterable, Iterator

from missent.content.markings import authority, fields, msip, nato_labels, read, resolve, slots
from missent.content.markings.found import Found, Position, Reading, Slot
from missent.content.markings.resolve import Raw
from missent.content.markings.schemes import SCHEMES, whole
from missent.content.pieces import Piece, owner
from missent.nouns.address import Address
from missent.nouns.verdict import Marking


def find_markings(pieces: Iterable[Piece], own_scheme: str = "", sender: Address | None = None) -> tuple[Found, ...]:
    """Every marking of a message, in the order of its pieces.

    `own_scheme` is the name of the sender's scheme as in the settings ("" if unset: taken from a government sender's domain).
    A marking that stands repeatedly in one position of a piece (a banner on each page) is told once, where it stands first.
    Never raises, whatever the text; linear in its length.
    """
    own = resolve.home(own_scheme, sender)
    raws = [Raw(piece, slot, reading) for piece in pieces for reading, slot in _readings(piece, own)]
    said = resolve.evidence(raws, own, sender)
    first: dict[tuple[Marking, Position], Found] = {}
    for raw in raws:
        reading = raw.reading if raw.reading.scheme else resolve.bare(raw, said)
        if reading:
            found = _found(raw, reading)
            first.setdefault((found.marking, found.position), found)
    return _header_wins(tuple(first.values()))


def _readings(piece: Piece, own: tuple[str, ...]) -> Iterator[tuple[Reading, Slot]]:
    if piece.kind in ("header", "property"):
        place = Slot(piece.text[:1000], Position.FIELD)
        for reading in fields.read(piece.kind, piece.name, piece.text, lambda text: _all(text, own)):
            yield reading, place
        return
    yield from authority.readings(piece)
    yield from _labels(piece)
    seen: dict[tuple[str, Position, bool], Reading | None] = {}
    for slot in slots.of(piece):
        key = (slot.text, slot.position, slot.alone)
        if key not in seen:
            seen[key] = read.slot(slot, own)
        found = seen[key]
        if found and not (slot.position is Position.PORTION and read.no_portion(piece.text, slot.start + len(slot.text))):
            yield found, slot


def _all(text: str, own: tuple[str, ...]) -> tuple[Reading, ...]:
    reading = whole(text, own)
    return (reading,) if reading else ()


def _labels(piece: Piece) -> Iterator[tuple[Reading, Slot]]:
    """Labels in XML that came with the message or stand in a document."""
    head = piece.text[:200_000]
    if "PolicyIdentifier" in head and nato_labels.NAMESPACE in head:
        for reading in nato_labels.read(head):
            yield reading, Slot("", Position.LABEL, head.find("PolicyIdentifier"))
    if "/mipLabelMetadata" in head:
        for reading in msip.read_label_info(head):
            yield reading, Slot("", Position.LABEL, head.find("/mipLabelMetadata"))


def _found(raw: Raw, reading: Reading) -> Found:
    marking = SCHEMES[reading.scheme].marking(reading, raw.piece.where)
    return Found(marking, raw.slot.position, raw.slot.start, raw.slot.start + len(raw.slot.text))


def _header_wins(found: tuple[Found, ...]) -> tuple[Found, ...]:
    """Email Protective Marking Standard: where a message has both, its header field is the marking and its subject is not."""
    pspf = [f for f in found if f.marking.scheme == "au-pspf"]
    owners = {owner(f.marking.where) for f in pspf if f.marking.where.lower().endswith("header:x-protective-marking")}
    beaten = [f for f in pspf if f.position is Position.SUBJECT and owner(f.marking.where) in owners]
    return tuple(f for f in found if f not in beaten)
