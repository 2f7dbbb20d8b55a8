"""Keyed hashes by which a file is known again: the same octets, or nearly the same words. No file and no text is kept.

History remembers them beside the organisations that had the file, so that one that only ever went to another partner is
noticed. Without the key nobody can tell whether a given file was sent.
"""

from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b

from missent.content.fingerprints import sketch
from missent.content.opened import Mark, Opened

NEAR = 8
"""Hashes kept of a file's words: the smallest of its sketch, so that versions of one text share most of them."""
ALIKE = 5
"""So many of them shared make two files near-duplicates: an expected resemblance of some .75 and more."""
LEAST_WORDS = 32
"""Hashes a sketch must have: a file of a few words is like many."""
LEAST_OCTETS = 2_000
LEAST_PICTURE = 100_000
"""Smaller pictures are logos in signatures, which go to everybody."""
MOST = 50
"""Attachments of one message that are marked."""


def marked(opened: Opened, key: bytes) -> Opened:
    """The same with the marks of its attachments. `key`: up to 64 octets; without one there are none."""
    if not key or not opened.attachments:
        return opened
    weighty = [a for a in opened.attachments if a.size >= (LEAST_PICTURE if a.kind.startswith("image/") else LEAST_OCTETS)]
    texts: dict[str, list[str]] = {}
    for piece in opened.pieces:
        if piece.kind == "attachment":
            texts.setdefault(piece.where, []).append(piece.text)
    marks = (Mark(a.path, _exact(a.sha256, key), _near(texts.get(f"attachment:{a.path}", ()), key)) for a in weighty[:MOST])
    return replace(opened, marks=tuple(marks))


def _exact(digest: str, key: bytes) -> bytes:
    return blake2b(digest.encode(), key=key, digest_size=16).digest()


def _near(texts: Iterable[str], key: bytes) -> tuple[bytes, ...]:
    hashes = sketch("\n".join(texts), key)
    return tuple(h.to_bytes(8, "big") for h in hashes[:NEAR]) if len(hashes) >= LEAST_WORDS else ()
