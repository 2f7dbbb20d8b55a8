"""The text of one part, decoded when somebody looks at it, never before."""

import binascii
import re
from html import unescape

from missent.message.charsets import decode
from missent.message.model import Message, Part

_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
_TAG = re.compile(r"<[^<>]*+>?")


def content(raw: bytes, part: Part, most: int | None = None) -> bytes:
    """A part's octets without transfer encoding, at least the first `most` of them. Damaged base64 gives what is there."""
    end = part.end if most is None else min(part.end, part.start + 4 * most)
    data = raw[part.start : end]
    if part.encoding == "quoted-printable":
        data = binascii.a2b_qp(data)
    elif part.encoding == "base64":
        letters = data.translate(None, _NOT_BASE64)
        letters = letters[: len(letters) - (len(letters) % 4 == 1)]
        data = binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    return data if most is None else data[:most]


def opening(raw: bytes, message: Message, most: int = 2000) -> str:
    """How the first text part begins, tags dropped; "" if there is none."""
    for part in message.parts:
        if part.kind in {"text/plain", "text/html"}:
            text, _ = decode(content(raw, part, most), part.charset or "utf-8")
            return unescape(_TAG.sub(" ", text)) if part.kind == "text/html" else text
    return ""
