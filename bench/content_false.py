"""What detectors find in ordinary mail, where little should be: part of `python -m bench.content`.

Whether a finding at `high` is true only a person can say; so ids are listed, never text, and the rate counts every one as
false. Mail of real firms holds real passwords: the rate is an upper bound.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.content_texts import Text
from missent.content.detectors.look import Looker
from missent.nouns.finding import Severity


@dataclass
class Ordinary:
    """Ordinary mail: how many messages, of which with a finding at `high`; findings by detector and severity; ids."""

    messages: int = 0
    high: int = 0
    per_thousand: float = 0.0
    by_finding: dict[str, int] = field(default_factory=dict)
    high_ids: dict[str, list[str]] = field(default_factory=dict)


def ordinary(posted: Sequence[Text], looker: Looker) -> Ordinary:
    """Look at every text."""
    counts: Counter[str] = Counter()
    told = Ordinary(len(posted))
    for name, pieces in posted:
        findings = looker.look(pieces)
        counts.update({f"{f.id} {f.severity.word}" for f in findings})
        grave = {f.id for f in findings if f.severity is Severity.HIGH}
        told.high += bool(grave)
        for id_ in sorted(grave):
            told.high_ids.setdefault(id_, []).append(name)
    told.per_thousand = round(1000 * told.high / max(1, len(posted)), 2)
    told.by_finding = dict(sorted(counts.items()))
    return told
