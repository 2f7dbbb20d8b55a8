"""Addresses as numbers, their name parts, and who has a name like whose.

People are told apart by eye through parts of names: `steve.harris` and `s.harris` share one, `harris` and `haris` nearly.
A number is given once and never again, so that what was counted under it is lost with it.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Any

_PART = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Person:
    """One address.

    Attributes:
        number: unique for ever in one model.
        address: its key.
        local, domain: of the address.
        parts: name parts of two letters and more of local part and display name, the given name first where it is known.
    """

    number: int
    address: str
    local: str
    domain: str
    parts: tuple[str, ...]


class People:
    """All addresses the model has met; `greetings` are their name parts by hash, as a greeting has them."""

    def __init__(self, hashing: Callable[[str, str], int]) -> None:
        self._hash = hashing
        self.greetings: dict[int, str] = {}
        self._by_address: dict[str, Person] = {}
        self._by_number: dict[int, Person] = {}
        self._filed: dict[str, set[int]] = {}
        self.next = 2

    def __len__(self) -> int:
        return len(self._by_address)

    def known(self, address: str) -> Person | None:
        """The person of an address key, None if it was never met."""
        return self._by_address.get(address)

    def numbered(self, number: int) -> Person:
        """The person of a number. Raises KeyError if it was forgotten."""
        return self._by_number[number]

    def met(self, address: str, name: str = "") -> Person:
        """The person of an address key, made if need be; `name` is used the first time only."""
        found = self._by_address.get(address)
        if found is None:
            found = person(self.next, address, name)
            self.next += 1
            self._file(found)
        return found

    def _file(self, one: Person) -> None:
        self._by_address[one.address] = self._by_number[one.number] = one
        for key in filing_keys(one.local, one.parts):
            self._filed.setdefault(key, set()).add(one.number)
        self.greetings.update((self._hash("g", part), part) for part in one.parts if len(part) > 2)

    def as_rows(self) -> list[list[str | int]]:
        """Everybody, as plain lists: number, address, name parts."""
        return [[one.number, one.address, *one.parts] for one in self._by_number.values()]

    def take(self, rows: Iterable[Sequence[Any]], after: int) -> None:
        """Out of `as_rows`; `after` is the next number to be given."""
        for number, address, *parts in rows:
            local, _, domain = address.rpartition("@")
            self._file(Person(number, address, local, sys.intern(domain), tuple(map(sys.intern, parts))))
        self.next = after

    def alike(self, asked: Person, among: Set[int] | None = None) -> Set[int]:
        """Numbers of others filed under one of the same keys; `among`: only of these."""
        found: set[int] = set()
        for key in filing_keys(asked.local, asked.parts):
            filed = self._filed.get(key)
            if filed:
                found |= filed if among is None else among & filed
        found.discard(asked.number)
        return found

    def called(self, hashes: Iterable[int], among: Set[int]) -> Counter[int]:
        """Who of these numbers bears the names with these hashes, and how many of them."""
        parts = {part for part in map(self.greetings.get, hashes) if part}
        return Counter(number for part in parts for number in among & self._filed[part])

    def drop(self, address: str) -> None:
        """Forget an address; its number is not given again."""
        gone = self._by_address.pop(address, None)
        if gone is not None:
            del self._by_number[gone.number]
            for key in filing_keys(gone.local, gone.parts):
                filed = self._filed[key]
                filed.remove(gone.number)
                if not filed:
                    del self._filed[key]
                    self.greetings.pop(self._hash("g", key), None)


def person(number: int, address: str, name: str = "") -> Person:
    """A person as its address and display name tell.

    >>> person(2, "steve.harris@enron.example", "Harris, Steve").parts
    ('steve', 'harris')
    """
    local, _, domain = address.rpartition("@")
    last, comma, first = name.partition(",")
    shown = f"{first} {last}" if comma else name.partition("@")[0].partition("/")[0]
    parts = [part for part in _PART.findall(f"{local} {shown}".lower()) if len(part) > 1]
    return Person(number, address, local, sys.intern(domain), tuple(dict.fromkeys(map(sys.intern, parts))))


def filing_keys(local: str, parts: Iterable[str]) -> Set[str]:
    """Where a person is filed: the first three characters of the address, and each name part of some length."""
    return {"^" + local[:3], *(part for part in parts if len(part) > 2)}
