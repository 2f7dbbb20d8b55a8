"""The corrected copy: the message as it was sent, with the right address where the wrong one stood.

A reply to all from the right person must not go to the wrong one again, so the addr-spec is replaced in the recipient
fields, and nothing else: display names, folds, other fields and the body stay octet for octet. A DKIM signature over To
does not survive that; the copy leaves us before the signer, or unsigned.
"""

import re

from missent.errors import HoldError
from missent.message.addresses import Allowance, mailboxes
from missent.message.header import section
from missent.nouns.address import Address

_RECIPIENTS = frozenset({b"to", b"cc", b"bcc", b"resent-to", b"resent-cc", b"resent-bcc"})
_DOT_ATOM = re.compile(r"[\w!#$%&'*+/=?^`{|}~\u0080-\U0010ffff-]+(?:\.[\w!#$%&'*+/=?^`{|}~\u0080-\U0010ffff-]+)*", re.ASCII)
_DOMAIN = re.compile(r"[A-Za-z0-9\u0080-\U0010ffff_-]+(?:\.[A-Za-z0-9\u0080-\U0010ffff_-]+)*|\[[A-Za-z0-9:.-]+\]")
_WHOLE = 1 << 62


def correct(raw: bytes, wrong: str, right: str) -> bytes:
    """`raw` with `right` for every `wrong` in To, Cc, Bcc and their Resent- forms (addresses compared as `Address.key`).

    A `right` with a non-ASCII local part makes the copy one for SMTPUTF8 (RFC 6531). Raises HoldError if `right` is no
    address that can stand in a header.
    """
    spec = addr_spec(right).encode("utf-8")
    wanted = Address.parse(wrong).key
    allowance = Allowance(_WHOLE, _WHOLE)
    out: list[bytes] = []
    at = 0
    for name, start, end in section(raw, len(raw)).fields:
        if name not in _RECIPIENTS:
            continue
        for box in mailboxes(raw[start:end], allowance):
            if Address.parse(_text(box.spec)).key == wanted:
                out += (raw[at : start + box.start], spec)
                at = start + box.end
    return b"".join([*out, raw[at:]])


def addr_spec(written: str) -> str:
    """An address in the form a header may carry (RFC 5322 3.4.1, RFC 6532), its local part quoted where it must be.

    Raises HoldError if there is none: no domain, control characters, or what would end the address and begin another.
    """
    address = Address.parse(written)
    local = address.local
    if not (local and local.isprintable() and _DOMAIN.fullmatch(address.domain) and address.domain.isprintable()):
        raise HoldError("the corrected address is no address; write it as name@domain")
    if not _DOT_ATOM.fullmatch(local):
        if "@" in local and not written.strip().startswith('"'):
            raise HoldError("the corrected address has more than one @; write it as name@domain")
        local = '"' + local.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{local}@{address.domain}"


def _text(spec: str) -> str:
    """Octets to text, as the reader of messages does it."""
    if spec.isascii():
        return spec
    octets = spec.encode("latin-1")
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("cp1252", "replace")
