"""Who stood in the last mail of each thread, for as many threads as fit: those longest untouched go first.

One thread is a number and some forty octets, so that a week of a busy site's threads are a few megabytes.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence

MOST_THREADS = 50_000

_AT = struct.Struct("<d")


class Threads:
    """See the module. People are numbers (`People`), the author of the mail first."""

    def __init__(self) -> None:
        self._kept: dict[int, bytes] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def put(self, thread: int, at: float, people: Sequence[int]) -> None:
        """Remember who stood in a mail of a thread, as its last."""
        self._kept.pop(thread, None)
        self._kept[thread] = _AT.pack(at) + struct.pack(f"<{len(people)}I", *people)
        if len(self._kept) > MOST_THREADS:
            del self._kept[next(iter(self._kept))]

    def last(self, threads: Iterable[int]) -> tuple[int, ...]:
        """Who stood in the newest of these threads' last mails; () where none is known."""
        known = [self._kept[one] for one in threads if one in self._kept]
        return max(map(_read, known), default=(0.0, ()))[1]

    def rows(self) -> Iterator[tuple[int, float, tuple[int, ...]]]:
        """All of them, the one longest untouched first: thread, seconds since 1970, people."""
        for thread, kept in self._kept.items():
            yield thread, *_read(kept)

    def drop(self, number: int) -> None:
        """Forget a person; the threads stay."""
        for thread, at, people in list(self.rows()):
            if number in people:
                self._kept[thread] = _AT.pack(at) + struct.pack(f"<{len(people) - 1}I", *(n for n in people if n != number))


def _read(kept: bytes) -> tuple[float, tuple[int, ...]]:
    return _AT.unpack_from(kept)[0], struct.unpack_from(f"<{(len(kept) - _AT.size) // 4}I", kept, _AT.size)
