"""The figures of a report, gathered from exposures one by one; only the worst are kept whole."""

import heapq
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from missent.archive.scan.exposure import Exposure
from missent.content.markings.schemes import SCHEMES

WORST = 20
MOST = 5_000
"""People or domains counted one by one; more are counted together by whoever shows them."""

NOTHING = "none found"


@dataclass(slots=True)
class Figures:
    """Counts of exposures.

    Attributes:
        months: by month (`2023-07`), of those with a date.
        suffixes: by the last label of the recipient's domain, then by domain.
        units: by the sender's domain, then by sender.
        whys: by the strongest finding of each.
        kinds: by (marking, categories, accepted).
        worst: the twenty that weigh most, the worst first.
    """

    months: Counter[str] = field(default_factory=Counter)
    undated: int = 0
    suffixes: dict[str, Counter[str]] = field(default_factory=dict)
    units: dict[str, Counter[str]] = field(default_factory=dict)
    whys: Counter[str] = field(default_factory=Counter)
    kinds: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    aftermath: Counter[str] = field(default_factory=Counter)
    answered: int = 0
    marked: int = 0
    sensitive: int = 0
    outsiders: int = 0
    worst: list[Exposure] = field(default_factory=list)


def gather(exposures: Iterable[Exposure]) -> Figures:
    """All figures of these exposures."""
    told = Figures()
    heap: list[tuple[tuple[float, ...], int, Exposure]] = []
    for number, exposure in enumerate(exposures):
        _count(told, exposure)
        entry = (gravity(exposure), -number, exposure)
        (heapq.heappush if len(heap) < WORST else heapq.heappushpop)(heap, entry)
    told.worst = [exposure for _, _, exposure in sorted(heap, key=lambda entry: (entry[0], entry[1]), reverse=True)]
    return told


def gravity(exposure: Exposure) -> tuple[float, ...]:
    """How bad an exposure is: how it is marked, whether it arrived and was answered, what it holds, how sure it is."""
    level = 0.0
    if exposure.marking and exposure.marking[0] in SCHEMES:
        levels = SCHEMES[exposure.marking[0]].levels
        level = (levels.index(exposure.level) + 1) / len(levels) if exposure.level in levels else 0.5
    arrived = {"yes": 2, "unknown": 1, "no": 0}.get(exposure.accepted, 1)
    return (level, arrived, len(exposure.categories), exposure.answered, exposure.confidence, exposure.size)


def _count(told: Figures, e: Exposure) -> None:
    if e.at:
        told.months[f"{e.at:%Y-%m}"] += 1
    else:
        told.undated += 1
    told.suffixes.setdefault(e.domain.rpartition(".")[2], Counter())[e.domain] += 1
    told.units.setdefault(e.sender.rpartition("@")[2] or "-", Counter())[e.sender or "<>"] += 1
    told.kinds[e.level or NOTHING, ", ".join(e.categories) or NOTHING, e.accepted] += 1
    told.whys[e.findings[0]] += 1
    told.accepted[e.accepted] += 1
    told.aftermath.update({a.kind for a in e.aftermath})
    told.answered += e.answered
    told.marked += e.marking is not None
    told.sensitive += bool(e.categories)
    told.outsiders += not e.own
