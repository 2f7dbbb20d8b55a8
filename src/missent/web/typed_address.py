"""An address somebody typed into a page: taken generously, checked strictly, because mail will go there."""

import re

from missent.nouns.address import Address
from missent.words.letters import shown

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+)*")
"""Dot-atom (RFC 5322 3.2.3, RFC 6531). Nobody types a quoted local part on purpose."""

_DOMAIN = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+")
"""Host names (RFC 1123 2.1) of at least two labels; IDNA has made A-labels of the rest."""


def typed(text: str) -> Address | None:
    """The address in `jane@army.mil`, `<jane@army.mil>` or `Jane Doe <jane@army.mil>`; None if it cannot be one.

    At most 64 octets of local part and 254 in all (RFC 5321 4.5.3.1).
    """
    text = text.strip()
    if len(text) > 400 or shown(text) != text:
        return None
    if text.endswith(">"):
        text = text[:-1].rpartition("<")[2].strip()
    address = Address.parse(text)
    if not _LOCAL.fullmatch(address.local) or not _DOMAIN.fullmatch(address.domain):
        return None
    if len(address.local.encode()) > 64 or len(address.spec.encode()) > 254:
        return None
    return Address(address.local, address.domain)
