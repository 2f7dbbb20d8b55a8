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
    pieces += _fields(raw)
    attachments: list[Attachment] = []
    skipped: list[Skipped] = []
    left = MOST_TEXT
    for part in message.parts:
        if part.attached:
            attachments.append(_attachment(raw, part))
        if part.name:
            pieces.append(Piece(f"attachment:{part.path}/name", part.name))
        if not part.kind.startswith("text/"):
            skipped += _unopened(part)
            continue
        if part.end - part.start > left:
            skipped.append(Skipped(part.path, "too-large"))
        pieces += _text(raw, part, left)
        left = max(0, left - (part.end - part.start))
    return Opened(_once(pieces), tuple(attachments), skipped=tuple(skipped))


def _fields(raw: bytes) -> Iterator[Piece]:
    """Header fields by which classification products and standards say a marking."""
    wanted = [f for f in section(raw, _HEADER).fields if fields.declares("header", f.name.decode("ascii"))]
    for name, start, end in wanted[:_FIELDS]:
        decoder = Decoder(_LONGEST_FIELD)
        value = decoder.text(decoder.raw(unfold(raw[start : min(end, start + _LONGEST_FIELD)])))
        yield Piece(f"header:{name.decode('ascii')}", value)


def _text(raw: bytes, part: Part, most: int) -> Iterator[Piece]:
    text, _ = decode(content(raw, part, most), part.charset or "utf-8")
    text = text.replace("\r\n", "\n")
    if part.kind == "text/html":
        text = text_of(text)
    inside = f"attachment:{part.path if part.attached else part.nested}" if part.attached or part.nested else ""
    if part.attached:
        yield Piece(inside, text)
        return
    new, quoted = parted(text)
    if new.strip():
        yield Piece(inside or "body", new)
    if quoted.strip():
        yield Piece(f"{inside}/quoted" if inside else "quoted", quoted)


def _unopened(part: Part) -> Iterator[Skipped]:
    if part.kind not in _SIGNATURES and part.kind not in OPAQUE and not part.kind.startswith("multipart/"):
        yield Skipped(part.path, "not-opened")


def _attachment(raw: bytes, part: Part) -> Attachment:
    octets = content(raw, part)
    return Attachment(part.path, part.name, part.kind, len(octets), hashlib.sha256(octets).hexdigest())


def _once(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Without what repeats: mail in plain text and HTML says the same twice."""
    first: dict[tuple[str, str], Piece] = {}
    for piece in pieces:
        first.setdefault((piece.where, " ".join(piece.text.split())), piece)
    return tuple(first.values())
