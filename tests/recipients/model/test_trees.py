import json

import numpy as np
import pytest

from missent.recipients.model.training import DIGITS, LEARNER, Example, train
from missent.recipients.model.trees import Trees

NAMES = ("a", "b", "noise")


def examples(count: int = 400) -> list[Example]:
    rng = np.random.default_rng(4)
    found = []
    for _ in range(count):
        table = rng.normal(size=(3, 3))
        found.append(Example(table, tuple(bool(a > 0.5 and b < 0) for a, b, _ in table)))
    return found


TREES = train(NAMES, examples(), seed=1, rounds=60)


def test_it_learns_what_goes_together() -> None:
    wrong, *right = TREES.scores([{"a": x, "b": y, "noise": 0.0} for x, y in ((2, -1), (2, 1), (-1, -1))])
    assert wrong > 1 > -1 > max(right)


def test_what_features_add_makes_up_the_score() -> None:
    for row in ({"a": 1.0, "b": -2.0, "noise": 0.3}, {"a": -1.0, "b": 0.0, "noise": 9.0}):
        assert TREES.start + sum(TREES.contributions(row).values()) == pytest.approx(TREES.scores([row])[0])
    assert abs(TREES.contributions({"a": 2.0, "b": -1.0, "noise": 0.0}).get("noise", 0)) < 0.5


def test_our_scores_are_the_learners() -> None:
    """Cuts are the learner's own, so each line takes its ways; values are rounded by half of the last digit at most."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    some, rounds = examples(100), 20
    lines = np.concatenate([e.table for e in some])
    wrong = np.concatenate([e.wrong for e in some])
    weights = np.concatenate([_weights(e) for e in some])
    learner = HistGradientBoostingClassifier(**LEARNER, max_iter=rounds, random_state=0)
    with threadpool_limits(1):  # as in `train`: sums in another order may choose another of two like cuts
        learner.fit(lines, wrong, sample_weight=weights)
    ours = train(NAMES, some, rounds=rounds).score_matrix(lines)
    assert ours == pytest.approx(learner.decision_function(lines), rel=0, abs=rounds * 0.5 * 10**-DIGITS + 1e-9)


def _weights(example: Example) -> list[float]:
    slips = sum(example.wrong)
    right = len(example.wrong) - slips
    return [1 / slips if one else 1 / right if slips else 1.0 for one in example.wrong]


def test_the_same_seed_gives_the_same_trees_and_json_keeps_them() -> None:
    again = train(NAMES, examples(), seed=1, rounds=60)
    assert again.as_dict() == TREES.as_dict()
    kept = Trees.from_dict(json.loads(json.dumps(TREES.as_dict())))
    assert kept.scores([{"a": 1.0, "b": 1.0, "noise": 1.0}]) == TREES.scores([{"a": 1.0, "b": 1.0, "noise": 1.0}])


def test_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="train it again"):
        Trees.from_dict({"version": 0})


def test_the_mean_of_two_scores_and_can_be_explained() -> None:
    fewer = [Example(one.table[:, 1::-1], one.wrong) for one in examples(200)]
    other = train(("b", "a"), fewer, seed=2, rounds=20)
    both = TREES.mean_with(other)
    row = {"a": 1.0, "b": -2.0, "noise": 0.3}
    assert both.scores([row])[0] == pytest.approx((TREES.scores([row])[0] + other.scores([row])[0]) / 2)
    assert both.start + sum(both.contributions(row).values()) == pytest.approx(both.scores([row])[0])
    with pytest.raises(ValueError, match="not in tuple"):
        other.mean_with(TREES)
