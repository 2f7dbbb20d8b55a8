"""Bootstrap intervals over users and their mails (Efron 1979), seeds fixed."""

from collections.abc import Mapping, Sequence

import numpy as np

Outcomes = Mapping[str, Sequence[float]]
"""By user, one figure per mail (the mean of its trials)."""


def average(by_user: Outcomes) -> float:
    """Mean of the users' means."""
    return float(np.mean([np.mean(v) for v in by_user.values() if len(v)]))


def pooled(by_user: Outcomes) -> float:
    """Mean over all mails."""
    return float(np.mean(np.concatenate([np.asarray(v, float) for v in by_user.values()])))


def less(one: Outcomes, other: Outcomes) -> dict[str, list[float]]:
    """The difference mail by mail."""
    return {user: [a - b for a, b in zip(one[user], other[user], strict=True)] for user in one}
