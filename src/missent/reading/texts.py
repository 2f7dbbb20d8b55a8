"""A message opened in this process: subject, fields that say a marking, texts, file names. What it does not open it says."""

import hashlib
from collections.abc import Iterator

from missent.content.markings import fields
from missent.content.opened import Attachment, Opened
from missent.content.pieces import Piece
from missent.message.charsets import decode
from missent.message.decoding import content
from missent.message.encoded import Decoder
from missent.message.header import section, unfold
from missent.message.model import Message, Part
from missent.message.opaque import OPAQUE
from missent.nouns.verdict import Skipped
from missent.reading.markup import text_of
from missent.reading.placing import Placed, placed
from missent.reading.quoting import parted

MOST_TEXT = 4_000_000
"""Octets of text read of one message."""
_HEADER = 1 << 18
_FIELDS = 64
_LONGEST_FIELD = 100_000
_SIGNATURES = frozenset(("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"))
"""They hold no content of their own."""


def open_texts(raw: bytes, message: Message) -> Opened:
    """Open what is text. Never raises; linear in the message, whatever it holds."""
    pieces = [Piece("subject", message.subject)] if message.subject else []
    pieces += _fields(raw, 0, "")
    for nested in message.nested:
        pieces += _fields(raw, nested.head, f"attachment:{nested.path}/")
    attachments: list[Attachment] = []
    skipped: list[Skipped] = []
    left = MOST_TEXT
    for part in message.parts:
        where = placed(raw, message, part)
        if where.attached:
            attachments.append(_attachment(raw, part, where.name))
        if where.name:
            pieces.append(Piece(f"attachment:{part.path}/name", where.name))
        if not part.kind.startswith("text/"):
            skipped += _unopened(part)
            continue
        if part.end - part.start > left:
            skipped.append(Skipped(part.path, "too-large"))
        pieces += _text(raw, part, where, left)
        left = max(0, left - (part.end - part.start))
    return Opened(_once(pieces), tuple(attachments), skipped=tuple(skipped))


def _fields(raw: bytes, at: int, prefix: str) -> Iterator[Piece]:
    """Header fields by which classification products and standards say a marking, and a nested message's subject."""
    head = raw[at : at + _HEADER]
    names = ((field, field.name.decode("ascii")) for field in section(head, _HEADER).fields)
    wanted = [(field, name) for field, name in names if fields.declares("header", name) or (prefix and name == "subject")]
    for (_, start, end), name in wanted[:_FIELDS]:
        decoder = Decoder(_LONGEST_FIELD)
        value = decoder.text(decoder.raw(unfold(head[start : min(end, start + _LONGEST_FIELD)])))
        yield Piece(prefix + ("subject" if name == "subject" else f"header:{name}"), value)


def _text(raw: bytes, part: Part, where: Placed, most: int) -> Iterator[Piece]:
    text, _ = decode(content(raw, part, most), part.charset or "utf-8")
    text = text.replace("\r\n", "\n")
    if part.kind == "text/html":
        text = text_of(text)
    if where.attached:
        yield Piece(f"attachment:{part.path}", text)
        return
    new, quoted = parted(text)
    if new.strip():
        yield Piece(f"attachment:{where.within}" if where.within else "body", new)
    if quoted.strip():
        yield Piece(f"attachment:{where.within}/quoted" if where.within else "quoted", quoted)


def _unopened(part: Part) -> Iterator[Skipped]:
    if part.kind not in _SIGNATURES and part.kind not in OPAQUE and not part.kind.startswith("multipart/"):
        yield Skipped(part.path, "not-opened")


def _attachment(raw: bytes, part: Part, name: str) -> Attachment:
    octets = content(raw, part)
    return Attachment(part.path, name, part.kind, len(octets), hashlib.sha256(octets).hexdigest())


def _once(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Without what repeats: mail in plain text and HTML says the same twice."""
    first: dict[tuple[str, str], Piece] = {}
    for piece in pieces:
        first.setdefault((piece.where, " ".join(piece.text.split())), piece)
    return tuple(first.values())
