"""How often a fact was seen with a key, in a table that never grows (Cormode and Muthukrishnan 2005, conservative update).

A cell belongs to nobody by name: its place is a hash of a pair's secret key and a fact's hash. Without the key of a pair
its counts cannot be found again, which is how a person is forgotten; the counts left behind fade as the table is halved.
"""

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_SHIFT = np.uint64(29)
_LOW = np.uint64(32)
_FULL = 60_000


class Sketch:
    """Counts up to 60,000 by (key, fact).

    Args:
        bits: the table has 2**bits cells of two octets.
    """

    def __init__(self, bits: int = 22) -> None:
        self.cells = np.zeros(1 << bits, np.uint16)
        self.used = 0
        self._mask = np.uint64((1 << bits) - 1)

    def take(self, cells: npt.NDArray[np.uint16], used: int) -> None:
        """A table that was kept, in place of this one."""
        self.cells, self.used, self._mask = cells, used, np.uint64(cells.size - 1)

    def counts(self, keys: Hashes, facts: Hashes) -> npt.NDArray[np.uint16]:
        """Counts of every fact (column) with every key (row); never too low but for fading."""
        first, second = self._places(keys[:, None], facts[None, :])
        return np.minimum(self.cells[first], self.cells[second])

    def add(self, keys: Hashes, facts: Hashes) -> None:
        """Count every fact once more with every key. Facts and keys must each be distinct."""
        first, second = self._places(keys[:, None], facts[None, :])
        now = np.minimum(self.cells[first], self.cells[second])
        self.used += int(np.count_nonzero(now == 0))
        more = np.minimum(now, _FULL - 1) + np.uint16(1)
        for places in (first, second):
            np.maximum.at(self.cells, places, more)
        if self.used * 3 > self.cells.size:
            self.fade()

    def fade(self) -> None:
        """Halve every count: what was seen once is forgotten."""
        self.cells >>= 1
        self.used = int(np.count_nonzero(self.cells)) // 2

    def _places(self, keys: Hashes, facts: Hashes) -> tuple[Hashes, Hashes]:
        mixed = keys ^ facts
        mixed = (mixed ^ (mixed >> _SHIFT)) * _FIRST
        mixed = (mixed ^ (mixed >> _LOW)) * _SECOND
        return mixed & self._mask, (mixed >> _LOW) & self._mask
