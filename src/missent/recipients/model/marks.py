"""By which hashes a person is found in a message's traits: name parts as words and greetings, address and local part."""

from typing import NamedTuple

from missent.recipients.model.people import Person
from missent.recipients.model.traits import Hashing
from missent.recipients.nicknames import also_called

_CACHE = 20_000


class Marks(NamedTuple):
    """The hashes of one person.

    Attributes:
        first: of the given name, its beginnings and other forms, as a greeting has them; parts: of all name parts, likewise.
        words: of name parts as words of the text, pairwise as such and as a word of the subject.
        address, local: as they stand in a text.
    """

    first: frozenset[int]
    parts: frozenset[int]
    words: tuple[tuple[int, int], ...]
    address: int
    local: int


class Marker:
    """Makes marks, and keeps those of the people lately asked about."""

    def __init__(self, hashing: Hashing) -> None:
        self._hash = hashing
        self._known: dict[tuple[int, str], Marks] = {}

    def __call__(self, one: Person) -> Marks:
        """The marks of a person."""
        key = one.number, one.address
        found = self._known.get(key)
        if found is None:
            if len(self._known) > _CACHE:
                self._known.clear()
            found = self._known[key] = self._marks(one)
        return found

    def clear(self) -> None:
        """Forget whom was asked about."""
        self._known.clear()

    def _marks(self, one: Person) -> Marks:
        hashed = self._hash
        first = one.parts[0] if one.parts else ""
        sizes = range(2 if len(first) < 3 else 3, len(first) + 1)
        forms = {*(first[:size] for size in sizes), *also_called(first)}
        return Marks(
            first=frozenset(hashed("g", form) for form in forms),
            parts=frozenset(hashed("g", part) for part in one.parts),
            words=tuple((hashed("w", part), hashed("s", part)) for part in one.parts if len(part) > 2),
            address=hashed("a", one.address),
            local=hashed("a", f"{one.local}@"),
        )
