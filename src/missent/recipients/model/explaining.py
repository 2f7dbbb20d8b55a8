"""Why a recipient looks wrong: what each kind of evidence adds to the score, in numbers that add up and in a sentence.

Features that speak of one thing are added up; the sentence gives the counts behind them, never a word of the mail.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from missent.recipients.model.features import Fit, Look, Row
from missent.recipients.model.trees import Trees

KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "frequency": ("sent", "received", "share", "alone"),
        "recency": ("fresh", "back", "days"),
        "words": ("own", "subject", "quoted", "site-words"),
        "thread": ("thread", "thread-member", "reply", "in-history", "has-history", "address-in-text"),
        "company": ("company", "together", "site-company", "with-sender", "same-domain", "recipients"),
        "names": ("named", "greeted", "said", "greeted-other"),
        "site": ("site-sent", "site-received", "domain", "inside", "experience"),
        "domain": ("slip-of-domain",),
        "rival": (
            "rival-is", "rival-ties", "rival-words", "rival-thread", "rival-company", "rival-named", "rival-likeness",
        ),
        "double": (
            "double-is", "double-ties", "double-words", "double-thread", "double-company", "double-named", "double-met",
        ),
        "others": ("others-is", "others-ties", "others-words", "others-thread", "others-company", "others-named"),
    }
)  # fmt: skip
"""Kind of evidence -> its features."""

_KIND_OF = {feature: kind for kind, features in KINDS.items() for feature in features}


class Reason(NamedTuple):
    """One kind of evidence.

    Attributes:
        kind: of `KINDS`.
        weight: what it adds to the score, in log-odds; positive speaks for a slip.
        text: an English sentence with counts.
    """

    kind: str
    weight: float
    text: str


def explain(look: Look, trees: Trees, which: int) -> tuple[Reason, ...]:
    """All reasons for the recipient at place `which`, heaviest first; their weights and `trees.start` are its score."""
    row = look.rows()[which]
    added: dict[str, float] = {}
    for feature, weight in trees.contributions(row).items():
        kind = _KIND_OF[feature]
        added[kind] = added.get(kind, 0.0) + weight
    fit = look.fits[look.rcpts[which].address]
    rival = look.best_rival(look.rcpts[which], look.rivals[which])
    reasons = (Reason(kind, weight, _SENTENCES[kind](row, fit, rival)) for kind, weight in added.items())
    return tuple(sorted(reasons, key=lambda r: (-abs(r.weight), r.kind)))


def _rival(row: Row, fit: Fit, rival: Fit | None) -> str:
    del row
    if rival is None:
        return "no other contact of yours has a name like this"
    return (
        f"you wrote to {rival.person.address} {rival.tie.sent:.0f} times, to {fit.person.address} {fit.tie.sent:.0f} times, "
        "and the names are alike"
    )


def _frequency(row: Row, fit: Fit, rival: Fit | None) -> str:
    del row, rival
    return f"you wrote to {fit.person.address} {fit.tie.sent:.0f} times and had {fit.tie.received:.0f} mails back"


def _fixed(low: str, high: str, feature: str) -> Callable[[Row, Fit, Fit | None], str]:
    """One sentence where the feature is above nought, another where it is not."""
    return lambda row, _fit, _rival: f"{high if row[feature] > 0 else low} ({row[feature]:+.1f})"


_SENTENCES: Mapping[str, Callable[[Row, Fit, Fit | None], str]] = MappingProxyType(
    {
        "frequency": _frequency,
        "recency": _fixed("no mail of late", "mail of late", "fresh"),
        "words": _fixed("the topic is not what you two write about", "the topic is one you two write about", "own"),
        "thread": _fixed("was not in this thread before", "was in this thread before", "thread-member"),
        "company": _fixed("does not usually stand beside these recipients", "often stands beside these recipients", "company"),
        "names": _fixed("the greeting names nobody of this name", "the greeting fits the name", "named"),
        "site": _fixed("nobody here writes to this address", "others here write to this address", "site-sent"),
        "domain": _fixed("the domain is no lookalike", "the domain resembles one you know", "slip-of-domain"),
        "rival": _rival,
        "double": _fixed("no other recipient has a like name", "another recipient has a like name", "double-is"),
        "others": _fixed("there is no other recipient to compare with", "compared with the other recipients", "others-is"),
    }
)
