"""What of a part cannot be read, without decoding it: opaque by its type, or not what it claims to be."""

from collections.abc import Iterator
from types import MappingProxyType

from missent.message.charsets import decode, known
from missent.message.content_type import ENCODINGS
from missent.message.model import Part
from missent.nouns.verdict import Skipped

OPAQUE = MappingProxyType(
    {
        "application/pkcs7-mime": "encrypted",
        "application/x-pkcs7-mime": "encrypted",
        "application/x-microsoft-rpmsg-message": "encrypted",
        "message/partial": "partial",
        "message/external-body": "external",
    }
)
"""Media type -> reason (RFC 8551, MS-OXORMMS, RFC 2046 5.2)."""

_ARMOUR = b"-----BEGIN PGP MESSAGE-----"
_IDENTITY = frozenset({"", "7bit", "8bit", "binary"})


def unreadable(raw: bytes, parts: list[Part]) -> Iterator[Skipped]:
    """What of these parts cannot be read, in order."""
    nul = raw.find(b"\0")
    armour = raw.find(_ARMOUR)
    for part in parts:
        if reason := _opaque(part):
            yield Skipped(part.path, reason)
        if part.encoding not in ENCODINGS:
            yield Skipped(part.path, "bad-transfer-encoding")
        if part.start <= armour < part.end:
            yield Skipped(part.path, "encrypted")
            armour = raw.find(_ARMOUR, part.end)
        if 0 <= nul < part.start:
            nul = raw.find(b"\0", part.start)
        if part.start <= nul < part.end and part.encoding != "binary":
            yield Skipped(part.path, "nul-bytes")
        if part.kind.startswith("text/") and not _readable(raw, part):
            yield Skipped(part.path, "bad-charset")


def _opaque(part: Part) -> str:
    if part.smime in {"signed-data", "compressed-data"}:
        return "signed-opaque"
    return "" if part.smime == "certs-only" else OPAQUE.get(part.kind, "")


def _readable(raw: bytes, part: Part) -> bool:
    """Whether text is in the character set it claims; encoded text is only asked whether the set exists."""
    codec = known(part.charset) if part.charset else "utf-8"
    if not codec or part.encoding not in _IDENTITY:
        return bool(codec)
    content = raw[part.start : part.end]
    return content.isascii() if codec == "ascii" else (codec == "utf-8" and content.isascii()) or decode(content, codec)[1]
