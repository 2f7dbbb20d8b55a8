"""The people of address lists, as numbers and names; lists and addresses read before are not read again."""

import re
from collections.abc import Callable
from typing import NamedTuple

from missent.archive.scan.digests import number
from missent.message.addresses import Allowance, Mailbox, mailboxes
from missent.message.encoded import Decoder
from missent.message.model import Limits
from missent.nouns.address import Address
from missent.recipients.notices import is_robot

_KEPT = 20_000
_LIMITS = Limits()
_NOT_PLAIN = re.compile(rb"[\"();:\\\[\]='\r\0]")
_PLAIN_LIST = 1 << 18


class Who(NamedTuple):
    """One address as facts keep it: its number, its canonical parts, the display name, whether it is ours.

    Attributes:
        key: the address as octets, of which digests are made.
        robot: whether it belongs to software by its name.
    """

    id: int
    local: str
    domain: str
    name: str
    own: bool
    key: bytes
    robot: bool


class People:
    """Reads lists. `own` says whether a domain is ours; `meet` is told everybody who is not remembered from before."""

    def __init__(self, own: Callable[[str], bool], meet: Callable[[Who], None] | None = None) -> None:
        self._meet = meet
        self._own = own
        self._lists: dict[bytes, tuple[Who, ...]] = {}
        self._people: dict[tuple[str, str], Who] = {}
        self._domains: dict[str, bool] = {}
        self._written: dict[bytes, Who] = {}

    def of_fields(self, values: "list[bytes] | tuple[bytes, ...]") -> tuple[Who, ...] | None:
        """Everybody in some fields; None if they are beyond the limits."""
        if not values:
            return ()
        if len(values) == 1:
            return self._listed(values[0])
        found: list[Who] = []
        for value in values:
            listed = self._listed(value)
            if listed is None:
                return None
            found += listed
        return tuple(found)

    def _listed(self, value: bytes) -> tuple[Who, ...] | None:
        alone = self._written.get(value)
        if alone:
            return (alone,)
        known = self._lists.get(value)
        if known is not None:
            return known
        if people := self._pieces(value):
            return people
        allowance = Allowance.of(_LIMITS.recipients)
        people = tuple([who for box in mailboxes(value, allowance) if (who := self._boxed(box)).domain])
        if allowance.exceeded:
            return None
        if len(value) < 2_000:
            if len(self._lists) >= _KEPT:
                self._lists.clear()
            self._lists[value] = people
        return people

    def _pieces(self, value: bytes) -> tuple[Who, ...] | None:
        """A list without quotes, groups and comments, each address looked up as it is written; None for any other list."""
        if len(value) > _PLAIN_LIST or not value.isascii() or _NOT_PLAIN.search(value):
            return None
        pieces = value.split(b",")
        found = [*map(self._written.get, pieces)]
        if not all(found):
            found = [*map(self._piece, pieces)]
        people = [who for who in found if who]
        return tuple(people) if len(people) == len(pieces) else None

    def _piece(self, piece: bytes) -> Who | None:
        who = self._written.get(piece)
        if who is None and piece.count(b"@") == 1:
            boxes = mailboxes(piece, Allowance.of(2))
            who = self._boxed(boxes[0]) if len(boxes) == 1 else None
            if who is None or not who.domain:
                return None
            if len(self._written) >= _KEPT:
                self._written.clear()
            self._written[piece] = who
        return who

    def _boxed(self, box: Mailbox) -> Who:
        known = self._people.get((box.spec, box.name))
        if known is None:
            if len(self._people) >= _KEPT:
                self._people.clear()
            known = self._people[box.spec, box.name] = self.of_address(_address(box))
        return known

    def of_address(self, address: Address) -> Who:
        """One address."""
        name = "" if "@" in address.name else " ".join(address.name.split())[:200]
        key = address.key
        domain = address.domain
        own = self._domains.get(domain)
        if own is None:
            if len(self._domains) >= _KEPT:
                self._domains.clear()
            own = self._domains[domain] = self._own(domain)
        local, octets = key.rpartition("@")[0], key.encode("utf-8", "surrogatepass")
        who = Who(number(octets) if key else 0, local, domain, name, own, octets, is_robot(local))
        if self._meet:
            self._meet(who)
        return who


def others(people: tuple[Who, ...], sender: Who | None) -> tuple[Who, ...]:
    """Each once, with the name that stands first, the author left out."""
    if len(people) == 1:
        return () if sender and people[0].id == sender.id else people
    first = {sender.id: sender} if sender else {}
    for who in people:
        first.setdefault(who.id, who)
    return tuple(first.values())[1 if sender else 0 :]


def _address(box: Mailbox) -> Address:
    """A mailbox decoded for people, as `missent.message.addresses.addresses` does it."""
    spec, name = box.spec, box.name
    if spec.isascii() and name.isascii() and "=?" not in name:
        return Address.parse(spec, name)
    decoder = Decoder(_LIMITS.decoded_words)
    spec, name = (text if text.isascii() else decoder.raw(text.encode("latin-1")) for text in (spec, name))
    return Address.parse(spec, decoder.text(name))
