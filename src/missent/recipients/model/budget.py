"""Prompts are a budget: the policy says how many a person may get per 1,000 mails, the site's own past says at what score.

The bar is the score that so many right mails of the past exceeded: it needs only the order of scores, so it holds whatever
their scale.
"""

from collections.abc import Sequence
from math import inf


def bar(past: Sequence[float], per_thousand: float) -> float:
    """The score a mail must exceed to be prompted for, from the highest scores of past right mails, in any order.

    Never more than the budget on that past; infinite while the past is too short to tell (less than 1,000 / budget mails).
    """
    allowed = int(len(past) * per_thousand / 1000)
    return sorted(past, reverse=True)[allowed] if allowed else inf
