"""Which known domains lie one slip of the fingers from another, without asking all of them.

One letter more, less, other or exchanged with the next leaves either the first four letters as they are, or all behind the
fifth, moved by at most one. So domains are filed under both, and only what is filed there is compared.
"""

from collections.abc import Iterable, Mapping
from itertools import islice

from rapidfuzz import process
from rapidfuzz.distance import OSA

_HEAD = 4


class Nearness:
    """The domains of a mapping that only grows, in its order; filed when they are asked for."""

    def __init__(self) -> None:
        self._heads: dict[str, list[str]] = {}
        self._tails: dict[str, list[str]] = {}
        self._filed = 0

    def near(self, domain: str, known: Mapping[str, int]) -> Iterable[str]:
        """Known domains one edit from `domain` (optimal string alignment), itself excepted."""
        for one in islice(known, self._filed, None):
            self._heads.setdefault(one[:_HEAD], []).append(one)
            self._tails.setdefault(one[_HEAD + 1 :], []).append(one)
        self._filed = len(known)
        like = {*self._heads.get(domain[:_HEAD], ())}
        for at in (_HEAD, _HEAD + 1, _HEAD + 2):
            like.update(self._tails.get(domain[at:], ()))
        like.discard(domain)
        return [name for name, _, _ in process.extract(domain, like, scorer=OSA.distance, score_cutoff=1, limit=None)]
