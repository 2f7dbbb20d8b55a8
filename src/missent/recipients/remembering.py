"""What every implementation of `History` agrees on: which sightings count, which are the same, when a domain is established.

A mailbox is learned in any order, twice, and beside other mailboxes that hold copies of the same mail with other
recipients in sight (Bcc). So nothing here depends on order: copies of one mail are merged to the earliest date and the
union of recipients and references, and a mail is a person's if any copy of it looks so.

A domain is *established* on the second distinct day (UTC) on which a person there wrote back to somebody here who had
written first. `answers` of one inbound mail R, written by a person not here to at least one address here:

- R names messages it replies to: one of them is a person's mail from here to that organisation (same mail domain, or
  same registrable domain). It answers at the later of the two dates, so that a wrong clock cannot put it before its question.
- R names none: somebody here among its recipients had written to its very author at an earlier time.

Our own sending alone establishes nothing: that is what a repeated slip looks like.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from missent.nouns.address import Address
from missent.nouns.sighting import Sighting

MOST_REFERENCES = 32
"""Message-IDs remembered of one reply, newest first; a thread's later replies repeat them."""

MOST_CONTACTS = 5_000
"""Contacts of one sender handed to the checks."""

SAMPLE = 50
"""Addresses of a domain handed to the checks as a sample of what is in use there, besides those like a recipient."""

MOST_ACQUAINTED = 100
"""Recipients of one message among whom acquaintance is looked up, the first ones; pairs grow with the square."""

RECENT = 200
"""An outsider's latest mails that are looked at for fellow recipients."""

MOST_CHARACTERS = 400
"""Of an address or name that is remembered; RFC 5321 4.5.3.1 allows an address 320."""

DAY = 86_400_000_000
"""Microseconds of a day. Moments are kept as whole microseconds since 1970 UTC."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Here:
    """Which domains are the organisation's, and what belongs to one organisation.

    Attributes:
        own: canonical own domains; what stands below them is here too. None: nobody here, and so nothing established.
        registrable: the part of a domain that one registers (`Names.registrable`); None for a suffix.
    """

    own: frozenset[str]
    registrable: Callable[[str], str | None]

    def has(self, domain: str) -> bool:
        """Whether a mail domain is ours."""
        if domain in self.own:
            return True
        return any(domain.endswith("." + own) for own in self.own)

    def organisation(self, domain: str) -> str:
        """The registrable domain, or the domain itself where there is none."""
        return self.registrable(domain) or domain


def micros(at: datetime) -> int:
    """Whole microseconds since 1970 UTC; a date before that is a wrong clock and counts as 1970."""
    return max(0, (at - _EPOCH) // _MICROSECOND)


def moment(us: int) -> datetime:
    """The UTC moment so many microseconds after 1970."""
    return _EPOCH + us * _MICROSECOND


def tells(sighting: Sighting) -> bool:
    """Whether it is learned at all: not if forged (its author is not known), nor without a sender (`<>`) or recipient."""
    return sighting.authentic and _is_address(sighting.sender) and bool(recipients(sighting))


def recipients(sighting: Sighting) -> tuple[Address, ...]:
    """Those it was sent to, once each; its author and what is no address left out."""
    first = {a.key: a for a in sighting.rcpts if _is_address(a)}
    first.pop(sighting.sender.key, None)
    return tuple(first.values())


def storable(text: str) -> bool:
    """Whether a text can be a key: no control characters, undecoded bytes or endless garbage."""
    return len(text) <= MOST_CHARACTERS and text.isprintable()


def carriers(sighting: Sighting, here: Here) -> frozenset[str]:
    """Organisations outside that had a mail's files: those it went to from here, or the one it came from."""
    if not here.has(sighting.sender.domain):
        return frozenset((here.organisation(sighting.sender.domain),))
    return frozenset(here.organisation(a.domain) for a in recipients(sighting) if not here.has(a.domain))


def display_name(address: Address) -> str:
    """The display name as it is remembered: printable, spaces single, not overlong; "" if it only repeats an address."""
    if "@" in address.name:
        return ""
    printable = "".join(c if c.isprintable() else " " for c in address.name[:MOST_CHARACTERS])
    return " ".join(printable.split())


def _is_address(address: Address) -> bool:
    return bool(address.domain) and storable(address.key)


def digest(text: str) -> bytes:
    """16 bytes that stand for a Message-ID or an identity."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def identity(sighting: Sighting) -> bytes:
    """Equal for copies of one mail: same author and Message-ID, or author, date and recipients where it has none.

    The author is part of it, lest a stranger who reuses a Message-ID of ours is taken for the mail itself.
    """
    if sighting.message_id:
        return digest(f"{sighting.message_id}\n{sighting.sender.key}")
    keys = ",".join(sorted(a.key for a in recipients(sighting)))
    return digest(f"\n{sighting.sender.key}\n{micros(sighting.at)}\n{keys}")


def references(sighting: Sighting) -> tuple[str, ...]:
    """The Message-IDs by which it may be an answer."""
    return tuple(r for r in sighting.replies_to if r)[:MOST_REFERENCES]


def second_day(moments: Collection[int]) -> int | None:
    """The first moment (microseconds) on the second distinct day; None if all lie on one.

    >>> second_day([5 * DAY + 3, 5 * DAY, 7 * DAY + 9, 7 * DAY + 1]) == 7 * DAY + 1
    True
    """
    if not moments:
        return None
    first = min(moments) // DAY
    return min((m for m in moments if m // DAY > first), default=None)
