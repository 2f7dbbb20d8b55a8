"""Short keys under which two addresses of one person, or of two namesakes, meet.

`John Smith <jsmith@work.example>` and `john.smith74@free.example` share the key `jsmith`. History is asked with the
recipients' keys for the sender's contacts that might have been meant; the checks weigh what comes back. Too many
meet (every John Smith and every Joan Smith), too few do not: a misspelt name at the same domain is found because all
contacts at the domain are fetched anyway.
"""

import re

from missent.nouns.address import Address

_WORD = re.compile(r"[^\W\d_]+")


def likeness_keys(address: Address) -> frozenset[str]:
    """Keys of the local part and of the display name.

    >>> sorted(likeness_keys(Address("john.smith74", "free.example")))
    ['johnsmith', 'jsmith']
    >>> sorted(likeness_keys(Address("x", "free.example", "Smith, John")))
    ['johnsmith', 'jsmith', 'x']
    """
    return local_keys(address.local) | name_keys(address.name)


def local_keys(local: str) -> frozenset[str]:
    """Keys of a local part; itself if it has no letter."""
    return _keys(_WORD.findall(local.casefold())) or frozenset((local.casefold(),))


def name_keys(name: str) -> frozenset[str]:
    """Keys of a display name; none for one that only repeats an address."""
    if not name or "@" in name:
        return frozenset()
    family, comma, given = name.casefold().partition(",")
    return _keys(_WORD.findall(f"{given} {family}" if comma else family))


def _keys(words: list[str]) -> frozenset[str]:
    if not words:
        return frozenset()
    return frozenset(("".join(words), words[0][0] + words[-1])) if len(words) > 1 else frozenset(words)
