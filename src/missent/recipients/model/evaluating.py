"""A model measured on lessons it did not learn from: recall at a budget, with bootstrap intervals (Efron 1979)."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from missent.recipients.model.model import Model
from missent.recipients.model.schooling import Lesson, score_all

BUDGETS = (1, 2, 5)
RESAMPLES = 1000


class Recall(NamedTuple):
    """One line of the result.

    Attributes:
        kind: of slip; "" for right mails that would have been prompted for.
        budget: prompts allowed per 1,000 right mails.
        share: found; low, high: 95 % of resamples of senders and of each one's mails lie between.
        mails: how many.
    """

    kind: str
    budget: int
    share: float
    low: float
    high: float
    mails: int


def evaluate(model: Model, lessons: Sequence[Lesson]) -> list[Recall]:
    """Per kind and budget; bars as they stand in the model, not moved by the lessons."""
    scores = score_all(model.trees, lessons)
    scored = [(lesson.kind, lesson.sender, found) for lesson, found in zip(lessons, scores, strict=True)]
    found = []
    for kind in sorted({kind for kind, _, _ in scored}):
        for budget in BUDGETS:
            bar = model.past.bar(budget)
            by: dict[str, list[float]] = {}
            for one, sender, high in scored:
                if one == kind:
                    by.setdefault(sender, []).append(float(high > bar))
            shares = [share for some in by.values() for share in some]
            found.append(Recall(kind, budget, float(np.mean(shares)), *interval(by, pool=True), len(shares)))
    return found


def interval(by_user: Mapping[str, Sequence[float]], seed: int = 7, *, pool: bool = False) -> tuple[float, float]:
    """95 % of resamples of users, and of each one's mails, lie between. `pool`: of the mean over mails, not over users."""
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
