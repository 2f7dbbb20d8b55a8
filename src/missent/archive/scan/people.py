"""The people of address lists, as numbers and names; lists and addresses read before are not read again."""

import re
from collections.abc import Callable
from typing import NamedTuple

from missent.archive.scan.digests import of_text
from missent.message.addresses import Allowance, Mailbox, mailboxes
from missent.message.encoded import Decoder
from missent.message.model import Limits
from missent.nouns.address import Address

_KEPT = 20_000
_NOT_PLAIN = re.compile(rb"[\"();:\\\[\]='\r\0]")
_PLAIN_LIST = 1 << 18


class Who(NamedTuple):
    """One address as facts keep it: its number, its canonical parts, the display name, whether it is ours."""

    id: int
    local: str
    domain: str
    name: str
    own: bool


class People:
    """Reads lists. `own` says whether a domain is ours."""

    def __init__(self, own: Callable[[str], bool]) -> None:
        self._own = own
        self._lists: dict[bytes, tuple[Who, ...]] = {}
        self._people: dict[tuple[str, str], Who] = {}
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
        known = self._lists.get(value)
        if known is not None:
            return known
        if people := self._pieces(value):
            return people
        allowance = Allowance.of(Limits().recipients)
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
        found = []
        for piece in value.split(b","):
            who = self._written.get(piece)
            if who is None:
                boxes = mailboxes(piece, Allowance.of(2)) if piece.count(b"@") == 1 else []
                if len(boxes) != 1:
                    return None
                if len(self._written) >= _KEPT:
                    self._written.clear()
                who = self._written[piece] = self._boxed(boxes[0])
            found.append(who)
        return tuple(found) if all(who.domain for who in found) else None

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
        return Who(of_text(key), key.rpartition("@")[0], address.domain, name, self._own(address.domain))


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
    decoder = Decoder(Limits().decoded_words)
    spec, name = (text if text.isascii() else decoder.raw(text.encode("latin-1")) for text in (box.spec, box.name))
    return Address.parse(spec, decoder.text(name))
