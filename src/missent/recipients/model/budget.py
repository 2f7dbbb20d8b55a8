"""Prompts are a budget: the policy says how many a person may get per 1,000 mails, the site's own past says at what score.

Scores are turned into shares by isotonic regression (Barlow et al. 1972, pool adjacent violators); the bar is the score
that so many right mails of the past exceeded.
"""

from bisect import bisect_right
from collections.abc import Sequence
from math import inf


def bar(past: Sequence[float], per_thousand: float) -> float:
    """The score a mail must exceed to be prompted for, from the highest scores of past right mails, in any order.

    Never more than the budget on that past; infinite while the past is too short to tell (less than 1,000 / budget mails).
    """
    allowed = int(len(past) * per_thousand / 1000)
    return sorted(past, reverse=True)[allowed] if allowed else inf


class Shares:
    """From scores to shares of slips, never falling.

    Args:
        scores, wrong: examples; whether each was a slip.
        weights: of each example, so that rare slips count as often as they occur.
    """

    def __init__(self, scores: Sequence[float], wrong: Sequence[bool], weights: Sequence[float]) -> None:
        blocks: list[list[float]] = []  # weight, weight of slips, first score
        for score, slip, weight in sorted(zip(scores, wrong, weights, strict=True)):
            blocks.append([weight, weight * slip, score])
            while len(blocks) > 1 and blocks[-2][1] * blocks[-1][0] >= blocks[-1][1] * blocks[-2][0]:
                last = blocks.pop()
                blocks[-1][0] += last[0]
                blocks[-1][1] += last[1]
        self.starts = [b[2] for b in blocks]
        self.shares = [b[1] / b[0] for b in blocks]

    def __call__(self, score: float) -> float:
        """The share of slips among examples of such a score, 0 with none."""
        at = bisect_right(self.starts, score) - 1
        return self.shares[max(at, 0)] if self.shares else 0.0
