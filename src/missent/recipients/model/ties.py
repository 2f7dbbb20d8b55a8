"""Ties between addresses: how often and how lately who wrote to whom, fading by half every 60 days."""

from array import array
from collections.abc import Iterator
from math import exp
from typing import NamedTuple

import numpy as np

HALF_LIFE = 60 * 86_400.0


class Tie(NamedTuple):
    """One pair.

    Attributes:
        sent: mails from the one to the other; received: the other way.
        fresh, back: the same, each mail halved in weight every 60 days, as of `last`.
        last: seconds since 1970 of the newest of either.
        alone: mails sent to nobody else.
    """

    sent: float = 0.0
    received: float = 0.0
    fresh: float = 0.0
    back: float = 0.0
    last: float = 0.0
    alone: float = 0.0


NO_TIE = Tie()
_WIDTH = len(Tie._fields)


class Ties:
    """The contacts of one sender: 24 octets each in one array and a place in a dict."""

    def __init__(self) -> None:
        self.rows: dict[int, int] = {}
        self.values = array("f")
        self.wrote = 0

    def get(self, number: int) -> Tie:
        """The tie with a person, an empty one if there is none."""
        row = self.rows.get(number)
        return NO_TIE if row is None else Tie(*self.values[row * _WIDTH : (row + 1) * _WIDTH])

    def fresh(self, number: int) -> float:
        """`Tie.fresh` alone, of somebody there is a tie with."""
        return self.values[self.rows[number] * _WIDTH + 2]

    def freshest(self, most: int) -> list[int]:
        """Whom was written to most lately, the freshest first, of equals the lower number."""
        many = len(self.rows)
        numbers, places = (np.fromiter(some, np.int64, many) for some in (self.rows, self.rows.values()))
        fresh = np.frombuffer(self.values, np.float32)[places * _WIDTH + 2]
        if many > 4 * most:  # sort only those that can be among them
            high = fresh >= np.partition(fresh, many - most)[many - most]
            numbers, fresh = numbers[high], fresh[high]
        found: list[int] = numbers[np.lexsort((numbers, -fresh))[:most]].tolist()
        return found

    def add(self, number: int, at: float, *, sent: bool, alone: bool) -> None:
        """Count one mail more."""
        row = self.rows.setdefault(number, len(self.rows))
        if (row + 1) * _WIDTH > len(self.values):
            self.values.extend((0.0,) * _WIDTH)
        base = row * _WIDTH
        values = self.values
        faded = exp((values[base + 4] - at) / HALF_LIFE * 0.6931) if values[base + 4] and at > values[base + 4] else 1.0
        values[base + 2] = values[base + 2] * faded + sent
        values[base + 3] = values[base + 3] * faded + (not sent)
        values[base] += sent
        values[base + 1] += not sent
        values[base + 5] += sent and alone
        values[base + 4] = max(values[base + 4], at)

    def pack(self) -> bytes:
        """As octets: how many mails, how many contacts, their numbers, their ties."""
        numbers = array("Q", [self.wrote, len(self.rows), *self.rows])
        return numbers.tobytes() + self.values.tobytes()

    @classmethod
    def unpack(cls, octets: bytes) -> "Ties":
        """Out of `pack`, on the same kind of machine."""
        found = cls()
        head = array("Q", octets[:16])
        end = 16 + 8 * head[1]
        found.wrote = head[0]
        found.rows = {number: row for row, number in enumerate(array("Q", octets[16:end]))}
        found.values = array("f", octets[end:])
        return found

    def drop(self, number: int) -> None:
        """Forget a person."""
        row = self.rows.pop(number, None)
        if row is not None:
            last = len(self.rows)
            for other, place in self.rows.items():
                if place == last and place != row:
                    self.values[row * _WIDTH : (row + 1) * _WIDTH] = self.values[last * _WIDTH :][:_WIDTH]
                    self.rows[other] = row
                    break
            del self.values[last * _WIDTH :]


class Senders:
    """The contacts of everybody, by number. What was read from a store is unpacked when a sender is first looked at."""

    def __init__(self, packed: dict[int, bytes] | None = None) -> None:
        self._packed = packed or {}
        self._open: dict[int, Ties] = {}

    def __iter__(self) -> Iterator[int]:
        return iter(sorted({*self._packed, *self._open}))

    def __contains__(self, number: int) -> bool:
        return number in self._open or number in self._packed

    def get(self, number: int) -> Ties | None:
        """The contacts of one sender, None of a stranger."""
        found = self._open.get(number)
        if found is None and number in self._packed:
            found = self._open[number] = Ties.unpack(self._packed.pop(number))
        return found

    def made(self, number: int) -> Ties:
        """The contacts of one sender, new ones for a stranger."""
        found = self.get(number)
        if found is None:
            found = self._open[number] = Ties()
        return found

    def drop(self, number: int) -> None:
        """Forget one person, as a sender and as everybody's contact."""
        self._open.pop(number, None)
        self._packed.pop(number, None)
        for other in self:
            self.made(other).drop(number)

    def close(self) -> None:
        """Pack whom nobody may ask about for a while: a third of the memory. The organisation, number 0, stays open."""
        for number in [n for n in self._open if n]:
            self._packed[number] = self._open.pop(number).pack()

    def packed(self) -> dict[int, bytes]:
        """All of it, to be kept."""
        return {number: self._packed.get(number) or self._open[number].pack() for number in self}
