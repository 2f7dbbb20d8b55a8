"""The learned weighing: small trees whose score is a sum of what each feature adds, so that it can be explained.

Every tree asks a few questions one after the other. A feature adds the change of the expected value at each question asked
about it (Saabas 2014): these and the start sum up to the score exactly. Pure NumPy; scikit-learn is only needed to train.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from missent.recipients.model.features import Row

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trees:
    """A sum of trees of one depth, each a heap: below place i stand 2i+1 (left) and 2i+2.

    Attributes:
        names: the features, in the order of columns.
        asked: (trees, 2**depth - 1) columns asked at each place.
        cuts: the same shape: up to this goes left.
        values: (trees, 2**(depth+1) - 1) expected log-odds at each place, leaves last.
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
        leaf = self._paths(table)[-1]
        total: Floats = self.start + (self.values[np.arange(len(self.values)), leaf] - self.values[:, 0]).sum(axis=1)
        return total

    def mean_with(self, other: "Trees") -> "Trees":
        """Trees whose score is the mean of both scores. Raises ValueError if the other asks about a feature not among these."""
        places = np.array([self.names.index(name) for name in other.names], np.intp)
        asked, cuts = np.concatenate((self.asked, places[other.asked])), np.concatenate((self.cuts, other.cuts))
        return Trees(self.names, asked, cuts, np.concatenate((self.values, other.values)) / 2, (self.start + other.start) / 2)

    def contributions(self, row: Row) -> dict[str, float]:
        """What each feature adds to `start`; what adds nothing is left out. Their sum and `start` are the score."""
        trees = np.arange(len(self.values))
        added = np.zeros(len(self.names))
        paths = [places[0] for places in self._paths(self.matrix([row]))]
        for above, below in pairwise(paths):
            step = self.values[trees, below] - self.values[trees, above]
            added += np.bincount(self.asked[trees, above], step, len(self.names))
        return {name: float(value) for name, value in zip(self.names, added, strict=True) if value}

    def _paths(self, table: Floats) -> list[npt.NDArray[np.intp]]:
        """Per line and tree the place reached after each question, the root first."""
        lines, columns = table.shape
        many, inner = self.asked.shape
        first, line = np.arange(many) * inner, (np.arange(lines) * columns)[:, None]
        places = [np.zeros((lines, many), np.intp)]
        while (at := places[-1])[0, 0] < inner:
            here = first + at  # flat places: quicker than pairs
            places.append(2 * at + 2 - (table.take(line + self.asked.take(here)) <= self.cuts.take(here)))
        return places

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
        return cls(tuple(data["names"]), asked, cuts, values, data["start"])
