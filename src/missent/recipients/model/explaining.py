"""Why a recipient looks wrong: what each kind of evidence adds to the score, in numbers that add up.

Features that speak of one thing are added up. What is told in words are the sender's own counts; the organisation's
background enters the score and is named, but none of its counts are told.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from missent.nouns.finding import Fact
from missent.recipients.model.features import Look, Row
from missent.recipients.model.trees import Trees

KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "frequency": ("sent", "received", "share", "alone", "newness"),
        "recency": ("fresh", "back", "days"),
        "words": ("own", "subject", "quoted", "site-words", "own-sum", "length"),
        "thread": ("thread", "thread-member", "reply", "in-history", "has-history", "written"),
        "answer": ("author", "author-other", "author-absent", "member", "passed"),
        "company": ("company", "together", "site-company", "with-sender", "same-domain", "recipients", "kin", "kin-most"),
        "names": ("named", "said", "greeted-other"),
        "site": ("site-sent", "site-fresh", "site-days", "domain", "inside", "experience", "common", "common-share"),
        "domain": ("slip-of-domain", "near-domain", "near-local"),
        "rival": (
            "rival-is", "rival-ties", "rival-words", "rival-thread", "rival-company", "rival-named", "rival-likeness",
            "rival-sum", "rival-days", "rival-said", "rivals",
        ),
        "double": (
            "double-is", "double-ties", "double-words", "double-thread", "double-company", "double-named", "double-met",
        ),
        "absent": (
            "absent-is", "absent-ties", "absent-words", "absent-thread", "absent-company", "absent-named", "absent-sum",
            "absent-stands",
        ),
        "others": ("others-is", "others-ties", "others-words", "others-thread", "others-company", "others-named"),
    }
)  # fmt: skip
"""Kind of evidence -> its features."""

MOST_REASONS = 3

_KIND_OF = {feature: kind for kind, features in KINDS.items() for feature in features}
FEATURES = frozenset(_KIND_OF)
"""All there are."""


class Reason(NamedTuple):
    """One kind of evidence.

    Attributes:
        kind: of `KINDS`; phrase: the kind, or a case of it that has a plainer sentence (`missent.words`, table `reasons`).
        weight: what it adds to the score, in log-odds; positive speaks for a slip.
    """

    kind: str
    phrase: str
    weight: float


def explain(look: Look, trees: Trees, which: int) -> tuple[Reason, ...]:
    """All reasons for the recipient at place `which`, heaviest first; their weights and `trees.start` are its score."""
    row = look.rows()[which]
    added: dict[str, float] = {}
    for feature, weight in trees.contributions(row).items():
        kind = _KIND_OF[feature]
        added[kind] = added.get(kind, 0.0) + weight
    reasons = (Reason(kind, _phrase(kind, row), weight) for kind, weight in added.items())
    return tuple(sorted(reasons, key=lambda r: (-abs(r.weight), r.kind)))


def facts(look: Look, trees: Trees, which: int) -> dict[str, Fact]:
    """The heaviest reasons against the recipient and what they rest on; weights, `rest` and `start` add up to `score`."""
    reasons = explain(look, trees, which)
    told = [r for r in reasons if r.weight > 0][:MOST_REASONS]
    found: dict[str, Fact] = {"because": " ".join(r.phrase for r in told)}
    found |= {f"weight_{n}": round(r.weight, 2) for n, r in enumerate(told, 1)}
    score = round(trees.start + sum(r.weight for r in reasons), 2)
    start = round(trees.start, 2)
    found |= {"start": start, "rest": round(score - start - sum(round(r.weight, 2) for r in told), 2), "score": score}
    return found | _counts(look, which)


def _counts(look: Look, which: int) -> dict[str, Fact]:
    """Counts of the sender's own mail."""
    rcpt = look.rcpts[which]
    fit = look.fits[rcpt.address]
    found: dict[str, Fact] = {"sent": int(fit.tie.sent), "received": int(fit.tie.received), "others": len(look.rcpts) - 1}
    rival = look.best_rival(rcpt, look.rivals[which])
    if rival is not None:
        found |= {"rival": rival.person.address, "rival_sent": int(rival.tie.sent)}
    if look.answered.person is not None:
        found["answered"] = look.answered.person.address
    return found


def _phrase(kind: str, row: Row) -> str:
    test = _CASES.get(kind)
    return f"{kind}-{test[1]}" if test and row[test[0]] * test[2] > 0 else kind


_CASES: Mapping[str, tuple[str, str, int]] = MappingProxyType(
    {
        "thread": ("thread-member", "out", -1),
        "company": ("together", "some", 1),
        "names": ("greeted-other", "other", 1),
        "answer": ("author-absent", "absent", 1),
        "domain": ("slip-of-domain", "near", 1),
        "rival": ("rival-is", "is", 1),
        "double": ("double-is", "is", 1),
    }
)
"""Kind -> a feature, the case, and the sign the feature has in it."""
