"""In what way two local parts at one domain are alike: the same name written otherwise, or one slip apart.

The receiving host alone knows what a local part means (RFC 5321 2.3.11), but organisations form theirs from people's
names by a few habits, and senders remember the name and guess the habit. Roles (`info@`, `sales@`) and numbered
mailboxes (`room12@`) form families of real, different addresses and are not alike for that.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from missent.checks.slips import Slip, slip

_LETTERS = re.compile(r"[^\W\d_]+")
_NEITHER = re.compile(r"[\W_]+")

_ROLES = """
    abuse accounting accounts admin administrator alert alerts api billing board bookings bot careers ceo cfo clerk
    communications compliance contact control customer data desk dev director duty editor emergency enquiries events
    facilities feedback finance frontdesk group help helpdesk hostmaster hr info invoice invoices it jobs legal library
    list logistics mail mailbox marketing media member members monitoring news newsletter noreply office officer
    operations ops orders payroll planning postmaster pr privacy procurement purchasing reception recruitment registrar
    reply reports reservations room sales schedule secretary security service services shared staff statistics student
    support system team tech test ticket tickets training travel unit web webmaster welcome
"""
ROLES = frozenset(_ROLES.split())
"""Words of addresses that name a function. Words that are also surnames (law, head, post) are left out."""


class Strength(IntEnum):
    """How much a likeness speaks for one person having been meant."""

    WEAK = 1
    FAIR = 2
    STRONG = 3


@dataclass(frozen=True, slots=True)
class Shape:
    """A local part taken apart.

    Attributes:
        mailbox: case-folded, without a +tag (RFC 5233): one mailbox's addresses are one.
        packed: letters and digits only.
        stem, digits: letters only, digits only.
        words: runs of letters, in order.
        role: whether a word of it names a function rather than a person.
        person: whether it is a first and a last name, both spelled out.
    """

    mailbox: str
    packed: str
    stem: str
    digits: str
    words: tuple[str, ...]
    role: bool
    person: bool


@lru_cache(maxsize=1 << 14)
def shape(local: str) -> Shape:
    """Take a local part apart."""
    mailbox = local.casefold()
    mailbox = mailbox.partition("+")[0] or mailbox
    words = tuple(_LETTERS.findall(mailbox))
    return Shape(
        mailbox,
        _NEITHER.sub("", mailbox),
        "".join(words),
        "".join(c for c in mailbox if c.isdigit()),
        words,
        any(w in ROLES for w in words),
        sum(len(w) > 1 for w in words) > 1,
    )


def alike(typed: Shape, usual: Shape, *, named: bool = False) -> tuple[str, Strength] | None:
    """The family of likeness and its strength; None if these are two mailboxes of their own, or one and the same.

    Args:
        typed: the recipient's local part.
        usual: that of somebody usually written to.
        named: whether the usual one is known to be a person's, by its display name.
    """
    if typed.mailbox == usual.mailbox or typed.role or usual.role or min(len(typed.stem), len(usual.stem)) < 4:
        return None
    if typed.packed == usual.packed:
        return "punctuation", Strength.STRONG
    if typed.stem == usual.stem:
        return _numbered(typed, usual, person=named or usual.person)
    if len(typed.words) > 1 and sorted(typed.words) == sorted(usual.words):
        return "swapped", Strength.STRONG
    return _otherwise(typed, usual) if typed.digits == usual.digits else None


def rewritten(local: Shape) -> Iterator[str]:
    """A first and a last name in other orders and shortened, with each separator in use."""
    if not local.person:
        return
    first, last = local.words[0], local.words[-1]
    for a, b in ((last, first), (first[0], last), (last, first[0]), (first, last[0])):
        yield from (a + separator + b for separator in ("", ".", "_", "-"))


def _numbered(typed: Shape, usual: Shape, *, person: bool) -> tuple[str, Strength] | None:
    if typed.digits and usual.digits and not person:
        return None
    return "digits", Strength.STRONG if person else Strength.FAIR


def _abbreviates(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    if len(full) < 2 or len(full[0]) < 2 or len(full[-1]) < 2:
        return False
    first, last = full[0], full[-1]
    if len(short) > 1 and short[0] == first and short[-1] == last:
        return all(len(w) == 1 for w in (*short[1:-1], *full[1:-1]))
    return "".join(short) in (first[0] + last, last + first[0], first + last[0])


def _otherwise(typed: Shape, usual: Shape) -> tuple[str, Strength] | None:
    if _abbreviates(typed.words, usual.words) or _abbreviates(usual.words, typed.words):
        return "initials", Strength.FAIR
    return _slipped(typed, usual)


def _slipped(typed: Shape, usual: Shape) -> tuple[str, Strength] | None:
    if len(typed.words) == len(usual.words) and len(typed.words) > 1:
        differing = [(a, b) for a, b in zip(typed.words, usual.words, strict=True) if a != b]
        kind = slip(*differing[0]) if len(differing) == 1 and len(min(differing[0], key=len)) > 1 else None
    else:
        kind = slip(typed.stem, usual.stem)
    if kind is None or min(len(typed.stem), len(usual.stem)) < 5:
        return None
    long = min(len(typed.stem), len(usual.stem)) > 5
    return kind.value, Strength.FAIR if kind is Slip.REPLACEMENT or not long else Strength.STRONG
