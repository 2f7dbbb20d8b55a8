"""Weighing learned from simulated slips: gradient boosting of small trees (Friedman 2001), with scikit-learn.

This is the only module that needs the `ml` extra's scikit-learn. The same examples and seed give the same trees.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from missent.recipients.model.features import Row
from missent.recipients.model.trees import Floats, Trees

DEPTH = 4
LEARNER: Mapping[str, Any] = MappingProxyType(
    {
        "max_depth": DEPTH, "learning_rate": 0.1, "min_samples_leaf": 40, "l2_regularization": 1.0, "max_features": 0.3,
        "early_stopping": False,
    }
)  # fmt: skip
"""Each question is chosen among a third of the features: measured with users left out, that finds more than all of them do."""
DIGITS = 5
"""Of values, after the point: as good for judging, and smaller to keep. Cuts stay exact: many lie on a value of the past."""


class Example(NamedTuple):
    """One mail to learn from.

    Attributes:
        table: its features, a line per recipient, columns in the order of `columns`.
        wrong: for each recipient whether it is a slip; none in a mail as it was sent.
        weight: of each recipient of a mail as it was sent, since any of them may raise a false alarm; in a mail with slips,
            of these together, and of its right recipients together.
    """

    table: Floats
    wrong: tuple[bool, ...]
    weight: float = 1.0


def columns(row: Row) -> tuple[str, ...]:
    """The names of features in the order of their columns."""
    return tuple(row)


def table(rows: Sequence[Row]) -> Floats:
    """Rows of features as a table."""
    return np.array([list(row.values()) for row in rows], np.float64)


def train(names: tuple[str, ...], examples: Sequence[Example], seed: int = 0, rounds: int = 200) -> Trees:
    """Learn trees from examples of slips and of right mail. Raises ImportError without the extra `ml`."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    learner = HistGradientBoostingClassifier(**LEARNER, max_iter=rounds, random_state=seed)
    lines = np.concatenate([e.table for e in examples])
    wrong = np.concatenate([np.array(e.wrong) for e in examples])
    weights = np.concatenate([_weights(e) for e in examples])
    with threadpool_limits(1):  # beside a gateway, and small tables gain nothing from more
        learner.fit(lines, wrong, sample_weight=weights)
    return _trees(names, learner)


def _weights(example: Example) -> Floats:
    wrong = np.array(example.wrong)
    slips, right = int(wrong.sum()), int((~wrong).sum())
    weights: Floats = example.weight * np.where(wrong, 1.0 / max(slips, 1), 1.0 / max(right, 1) if slips else 1.0)
    return weights


def _trees(names: tuple[str, ...], learner: Any) -> Trees:
    """Take the trees out of the learner; where one ends early, the places below ask nothing."""
    grown = [_tree(stage[0].nodes) for stage in learner._predictors]  # noqa: SLF001 - there is no public way
    values = np.array([g[2] for g in grown]).round(DIGITS)
    start = float(learner._baseline_prediction.ravel()[0]) + float(values[:, 0].sum())  # noqa: SLF001
    return Trees(names, np.array([g[0] for g in grown], np.intp), np.array([g[1] for g in grown]), values, start)


def _tree(nodes: Any) -> tuple[list[int], list[float], list[float]]:
    inner = 2**DEPTH - 1
    asked, cuts, values = [0] * inner, [np.inf] * inner, [0.0] * (2 * inner + 1)
    places = [(0, 0)]
    while places:
        place, at = places.pop()
        node = nodes[at]
        values[place] = _expected(nodes, at)
        leaf = bool(node["is_leaf"])
        if not leaf:
            asked[place], cuts[place] = int(node["feature_idx"]), float(node["num_threshold"])
        if place < inner:
            places += [(2 * place + 1, at if leaf else int(node["left"])), (2 * place + 2, at if leaf else int(node["right"]))]
    return asked, cuts, values


def _expected(nodes: Any, at: int) -> float:
    """The mean of the leaves below, by how many examples reach them."""
    node = nodes[at]
    if node["is_leaf"]:
        return float(node["value"])
    left, right = nodes[node["left"]], nodes[node["right"]]
    total = float(left["count"]) + float(right["count"])
    sums = _expected(nodes, int(node["left"])) * float(left["count"]) + _expected(nodes, int(node["right"])) * float(
        right["count"]
    )
    return sums / total
