"""Transfer encodings as they come: how large a part will be, whether it was damaged on the way, and its digest."""

import binascii
from hashlib import sha256

from missent.message.decoding import content
from missent.message.model import Part

_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_FRAME = b"= \t\r\n"
_STEP = 1 << 22


def decoded_size(part: Part) -> int:
    """Octets of a part without its transfer encoding, about: base64 is taken as lines of 76 letters."""
    size = part.end - part.start
    return size * 57 // 78 if part.encoding == "base64" else size


def damaged(raw: bytes, part: Part) -> bool:
    """Whether base64 holds other letters than base64 has: decoders differ on what to make of them (RFC 2045 6.8)."""
    return part.encoding == "base64" and bool(raw[part.start : part.end].translate(None, _LETTERS + _FRAME))


def measured(raw: bytes, part: Part) -> tuple[int, str]:
    """Size and SHA-256 of a part's octets, a few megabytes at a time."""
    if part.encoding != "base64":
        data = content(raw, part)
        return len(data), sha256(data).hexdigest()
    size, digest, kept = 0, sha256(), b""
    for at in range(part.start, part.end, _STEP):
        letters = kept + raw[at : min(at + _STEP, part.end)].translate(None, _FRAME)
        whole = len(letters) & ~3
        kept, octets = letters[whole:], _decoded(letters[:whole])
        digest.update(octets)
        size += len(octets)
    octets = _decoded(kept + b"=" * (-len(kept) % 4))
    digest.update(octets)
    return size + len(octets), digest.hexdigest()


def _decoded(letters: bytes) -> bytes:
    try:
        return binascii.a2b_base64(letters)
    except binascii.Error:
        return b""
