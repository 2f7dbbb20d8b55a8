"""Bootstrap intervals over users and their mails (Efron 1979), seeds fixed."""

from collections.abc import Mapping, Sequence

import numpy as np

RESAMPLES = 1000
Outcomes = Mapping[str, Sequence[float]]
"""By user, one figure per mail (the mean of its trials)."""


def average(by_user: Outcomes) -> float:
    """Mean of the users' means."""
    return float(np.mean([np.mean(v) for v in by_user.values() if len(v)]))


def pooled(by_user: Outcomes) -> float:
    """Mean over all mails."""
    return float(np.mean(np.concatenate([np.asarray(v, float) for v in by_user.values()])))


def interval(by_user: Outcomes, seed: int = 7, *, pool: bool = False) -> tuple[float, float]:
    """95 % of resamples of users, and of each one's mails, lie between."""
    rng = np.random.default_rng(seed)
    lists = [np.asarray(v, float) for v in by_user.values() if len(v)]
    if not lists:
        return 0.0, 1.0
    means = []
    for _ in range(RESAMPLES):
        drawn = [lists[i] for i in rng.integers(len(lists), size=len(lists))]
        mails = [one[rng.integers(len(one), size=len(one))] for one in drawn]
        means.append(float(np.concatenate(mails).mean()) if pool else float(np.mean([m.mean() for m in mails])))
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def less(one: Outcomes, other: Outcomes) -> dict[str, list[float]]:
    """The difference mail by mail."""
    return {user: [a - b for a, b in zip(one[user], other[user], strict=True)] for user in one}
