"""What a milter answers (SMFIR_*), as packets."""

import struct

from missent.smtp.reply import Reply


def packet(code: bytes, payload: bytes = b"") -> bytes:
    """Four octets of length, one of code, the payload."""
    return struct.pack(">I", len(payload) + 1) + code + payload


CONTINUE = packet(b"c")
DISCARD = packet(b"d")
"""The client hears 250, and nobody gets anything."""
PROGRESS = packet(b"p")
"""Still at work: the mail server's timer starts again."""


def refuse(reply: Reply) -> bytes:
    """A reply of our own (4yz or 5yz): to the recipient at RCPT, to the message at its end.

    Each `%` is doubled: the mail server reads the text as a format (libmilter's smfi_setreply).
    """
    if reply.good:
        raise ValueError("a milter refuses with 4yz and 5yz only")
    text = reply.encode().removesuffix(b"\r\n").replace(b"%", b"%%")
    return packet(b"y", text + b"\0")


def add_field(name: str, value: str) -> bytes:
    """Put a header field on top of the others (SMFIR_INSHEADER at 0): a signature over those below still holds.

    The value brings its leading space along, as agreed on by SMFIP_HDR_LEADSPC.
    """
    return packet(b"i", struct.pack(">I", 0) + name.encode("ascii") + b"\0 " + value.encode("ascii") + b"\0")


def remove_field(name: str, nth: int) -> bytes:
    """Remove the nth header field of that name, counted from the top, beginning with 1 (SMFIR_CHGHEADER without a value)."""
    return packet(b"m", struct.pack(">I", nth) + name.encode("ascii") + b"\0\0")


def remove(mailbox: str) -> bytes:
    """Remove a recipient, all its duplicates included. `mailbox` as it was said at RCPT, without angle brackets."""
    path = mailbox.encode("utf-8", "surrogateescape")
    if b"\0" in path:
        raise ValueError("an address holds NUL")
    return packet(b"-", b"<" + path + b">\0")
