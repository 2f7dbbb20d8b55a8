"""Prompts are a budget: the policy says how many a person may get per 1,000 mails, the site's own past says at what score.

The bar is the score that so many right mails of the past exceeded: it needs only the order of scores, so it holds whatever
their scale. A prompt that its sender confirms was a right mail and enters the past, which raises the bar; one that is
corrected was a slip and does not.

The budget is each person's. Who sends much odd right mail has a bar of his own, higher than the site's: the score that so many
of his mails and of `SHRUNK` mails of the site exceeded. Of who has sent little, the site's past decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import merge
from math import inf

KEPT = 50
"""Of 1,000 right mails this many scores are kept, the highest: no budget is larger."""
WINDOW = 20_000
"""Right mails the past stands for; older ones fade as new ones come."""
SHRUNK = 1000
"""Mails of the site that stand beside a sender's own."""


@dataclass(frozen=True, slots=True)
class Past:
    """Scores of right mail.

    Attributes:
        mails: how many there were.
        top: the highest of their scores, descending: `KEPT` of 1,000 mails.
    """

    mails: int = 0
    top: tuple[float, ...] = ()

    @classmethod
    def of(cls, scores: Sequence[float]) -> "Past":
        """The past with these scores, in any order."""
        return cls().more(scores)

    def more(self, scores: Iterable[float]) -> "Past":
        """The past with these mails besides. Past `WINDOW` mails, every other kept score goes, and half of the mails."""
        new = list(scores)
        mails, top = self.mails + len(new), sorted((*self.top, *new), reverse=True)
        if mails > WINDOW:
            mails, top = mails // 2, top[::2]
        return Past(mails, tuple(top[: mails * KEPT // 1000 + 1]))

    def bar(self, per_thousand: float) -> float:
        """The score a mail must exceed to be prompted for.

        A new mail does so as often as the budget says; infinite while the past is too short to tell (under 1,000 / budget).
        """
        return bar(self.top, per_thousand, self.mails)

    def bar_of(self, own: "Past", per_thousand: float) -> float:
        """The score a mail of one sender's must exceed; `own` is that sender's past, this the site's."""
        site = self.bar(per_thousand)
        if site == inf or not own.mails:
            return site
        left = (SHRUNK + own.mails + 1) * per_thousand / 1000
        weight = SHRUNK / self.mails
        for score, weighs in merge(((-one, weight) for one in self.top), ((-one, 1.0) for one in own.top)):
            left -= weighs
            if left < weighs:
                return -score
        return -score


NO_PAST = Past()


def bar(past: Sequence[float], per_thousand: float, mails: int | None = None) -> float:
    """The score a mail like the past ones exceeds with this chance, from the highest scores of `mails`, in any order.

    The k-th highest of n is exceeded by one more of the kind with a chance of k / (n + 1), however spread (Wilks 1941).
    """
    allowed = int(((len(past) if mails is None else mails) + 1) * per_thousand / 1000)
    if not allowed:
        return inf
    best = sorted(past, reverse=True)
    return best[min(allowed, len(best)) - 1]
