"""A trained model as it is kept: trees, and what is known of the scores of right mail, by which bars are set."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from missent.recipients.model.budget import NO_PAST, Past
from missent.recipients.model.explaining import FEATURES
from missent.recipients.model.trees import Trees

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Model:
    """What scores a site's mail.

    Attributes:
        trees: the weighing.
        past: scores of right mail the trees did not learn from.
        confidence: (score, how likely a slip there) in ascending order, from slips simulated on the same mail.
        trained: what it was learned from, for people: `mails`, `slips`, `seed`, and `on`, the site or "packaged".
        senders: each sender's own part of that past since the model is in force. It is not kept: the log has it.
    """

    trees: Trees
    past: Past
    confidence: tuple[tuple[float, float], ...] = ()
    trained: dict[str, Any] = field(default_factory=dict)
    senders: dict[str, Past] = field(default_factory=dict)

    def sure(self, score: float) -> float:
        """How likely a recipient with this score is a slip, where one mail in 500 holds one."""
        below = [share for at, share in self.confidence if at <= score]
        return below[-1] if below else 0.0

    def met(self, scores: Iterable[tuple[str, float]]) -> "Model":
        """The same with more right mail in its past: who sent it, and its score."""
        told = list(scores)
        by: dict[str, list[float]] = {}
        for sender, score in told:
            by.setdefault(sender, []).append(score)
        senders = {sender: self.senders.get(sender, NO_PAST).more(new) for sender, new in by.items()}
        return replace(self, past=self.past.more(score for _, score in told), senders={**self.senders, **senders})

    def bar(self, sender: str, per_thousand: float) -> float:
        """The score a mail of this sender's must exceed to be prompted for."""
        return self.past.bar_of(self.senders.get(sender, NO_PAST), per_thousand)

    def as_dict(self) -> dict[str, Any]:
        """Plain lists, for JSON."""
        return {
            "format": FORMAT, "trees": self.trees.as_dict(), "past": list(self.past.top), "mails": self.past.mails,
            "confidence": [list(pair) for pair in self.confidence], "trained": self.trained,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Model":
        """Out of `as_dict`. Raises ValueError for a format or features this version does not know."""
        if data.get("format") != FORMAT or not FEATURES.issuperset(data["trees"]["names"]):
            raise ValueError("a model of another version: `missent model train` makes a new one")
        confidence = tuple((float(at), float(share)) for at, share in data["confidence"])
        past = Past(int(data["mails"]), tuple(data["past"]))
        return cls(Trees.from_dict(data["trees"]), past, confidence, dict(data["trained"]))
