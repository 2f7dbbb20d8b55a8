"""The learned weighing: small trees whose score is a sum of what each feature adds, so that it can be explained.

Every tree asks two questions at most. A feature adds the change of the expected value at each question asked about it
(Saabas 2014): these and the start sum up to the score exactly. Pure NumPy; scikit-learn is only needed to train.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from missent.recipients.model.features import Row

Floats = npt.NDArray[np.float64]
_SECOND = np.array([1, 2])


@dataclass(frozen=True, slots=True)
class Trees:
    """A sum of trees of depth two.

    Attributes:
        names: the features, in the order of columns.
        asked: (trees, 3) columns asked at the root and its left and right child.
        cuts: (trees, 3): up to this goes left.
        values: (trees, 7) expected log-odds at root, children and leaves from left to right.
        start: log-odds before any question, including the roots' values.
    """

    names: tuple[str, ...]
    asked: npt.NDArray[np.intp]
    cuts: Floats
    values: Floats
    start: float

    def matrix(self, rows: Sequence[Row]) -> Floats:
        """Rows of features as a table, one line each."""
        return np.array([[row[name] for name in self.names] for row in rows], np.float64).reshape(len(rows), -1)

    def scores(self, rows: Sequence[Row]) -> Floats:
        """Log-odds of each row."""
        return self.score_matrix(self.matrix(rows))

    def score_matrix(self, table: Floats) -> Floats:
        """Log-odds of each line of a table."""
        leaf = self._paths(table)[1]
        total: Floats = self.start + self._take(leaf) @ np.ones(len(self.values)) - self.values[:, 0].sum()
        return total

    def contributions(self, row: Row) -> dict[str, float]:
        """What each feature adds to `start`; what adds nothing is left out. Their sum and `start` are the score."""
        child, leaf = (place[0] for place in self._paths(self.matrix([row])))
        trees = np.arange(len(self.values))
        first = self.values[trees, child] - self.values[:, 0]
        second = self.values[trees, leaf] - self.values[trees, child]
        added = np.bincount(self.asked[:, 0], first, len(self.names))
        added += np.bincount(self.asked[trees, child], second, len(self.names))
        return {name: float(value) for name, value in zip(self.names, added, strict=True) if value}

    def _paths(self, table: Floats) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Per line and tree the child reached (1, 2) and the leaf (3-6)."""
        trees = np.arange(len(self.values))
        child = np.where(table[:, self.asked[:, 0]] <= self.cuts[:, 0], 1, 2)
        value = np.take_along_axis(table, self.asked[trees, child], axis=1)
        leaf = 2 * child + np.where(value <= self.cuts[trees, child], 1, 2)
        return child, leaf

    def _take(self, places: npt.NDArray[np.intp]) -> Floats:
        taken: Floats = self.values[np.arange(len(self.values)), places]
        return taken

    def as_dict(self) -> dict[str, Any]:
        """Plain lists, for JSON."""
        return {
            "version": 1, "names": list(self.names), "asked": self.asked.tolist(), "cuts": self.cuts.tolist(),
            "values": self.values.tolist(), "start": self.start,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Trees":
        """Out of `as_dict`. Raises ValueError for a version this one does not know."""
        if data.get("version") != 1:
            raise ValueError("a model of another version: train it again")
        asked, cuts, values = np.array(data["asked"], np.intp), np.array(data["cuts"]), np.array(data["values"])
        return cls(tuple(data["names"]), asked.reshape(-1, 3), cuts.reshape(-1, 3), values.reshape(-1, 7), data["start"])
