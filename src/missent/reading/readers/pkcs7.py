"""S/MIME bodies (RFC 8551, CMS RFC 5652): what is signed or compressed is unwrapped and read; what is encrypted is said.

A signature is not verified: that is the reader's who relies on it. Here only what the message says to whom it goes counts.
"""

import zlib
from dataclasses import replace
from typing import Any

from missent.content.opened import UNWRAPPED
from missent.message.reading import read as read_message
from missent.reading.gathering import File, Into
from missent.reading.message import open_message
from missent.reading.unreadable import Unreadable

_SIGNED = bytes.fromhex("06092a864886f70d010702")
_COMPRESSED = bytes.fromhex("060b2a864886f70d0109100109")
_ARMOUR = b"-----BEGIN"
_STEP = 1 << 16


def read(file: File, into: Into) -> str:
    """The message within, one file deeper. Raises Unreadable `encrypted-message`, `signed-opaque`, ImportError."""
    data = _octets(file.data)
    head = data[:32]
    if _SIGNED not in head and _COMPRESSED not in head:
        raise Unreadable("encrypted-message")
    content = _content(data, into)
    inner = replace(into, depth=into.depth + 1)
    into.budget.file(inner.depth)
    open_message(content, read_message(content), inner)
    return UNWRAPPED


def _octets(data: bytes) -> bytes:
    """DER or BER, whether or not it is armoured (RFC 7468)."""
    if not data.startswith(_ARMOUR):
        return data
    from asn1crypto import pem

    try:
        return bytes(pem.unarmor(data)[2])
    except ValueError:
        raise Unreadable("damaged") from None


def _content(data: bytes, into: Into) -> bytes:
    """What was signed or compressed. Raises Unreadable: `signed-opaque` where it lies elsewhere."""
    from asn1crypto import cms

    try:
        info = cms.ContentInfo.load(data)
        wrapped: Any = info["content"]["encap_content_info"]["content"]
        content = wrapped.native
    except (ValueError, TypeError, KeyError):
        raise Unreadable("damaged") from None
    if not isinstance(content, bytes):
        raise Unreadable("signed-opaque")
    return _inflated(content, into) if info["content_type"].native == "compressed_data" else content


def _inflated(packed: bytes, into: Into) -> bytes:
    stream, out = zlib.decompressobj(), bytearray()
    try:
        while packed and not stream.eof:
            block = stream.decompress(packed, _STEP)
            packed = stream.unconsumed_tail
            out += block
            into.budget.unpacked(len(block))
            into.budget.grown(len(packed), len(out))
    except zlib.error:
        raise Unreadable("damaged") from None
    if not stream.eof:
        raise Unreadable("damaged")
    return bytes(out)


def preload() -> None:
    """What is needed once a file is read."""
    from asn1crypto import cms, pem

    del cms, pem
