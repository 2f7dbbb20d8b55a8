"""What is found in papers and mail that nobody here wrote: part of `python -m bench.content`.

Pages of the US State Department with a determination by its reviewers hold what foreign governments said in confidence, mostly
blacked out; of them every second one was looked at while developing, and only the others are reported as that. A page or mail
counts once for a detector, with its highest severity.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bench.content_markings import determined
from bench.content_texts import Text
from missent.content.detectors.look import Looker
from missent.nouns.finding import Severity

_WORDS = """
tax-return medical travel-itinerary personnel crew-list staff-list diplomatic defence-technical export-controlled
legal-privilege site-plan coordinates
"""
PAPERS = frozenset(_WORDS.split())


@dataclass
class Found:
    """One collection: how many texts, and of how many each detector found something, by severity."""

    on: str
    texts: int = 0
    found: dict[str, int] = field(default_factory=dict)


def papers(released: Sequence[Text], posted: Sequence[Text], looker: Looker) -> list[Found]:
    """Pages with a determination that were not looked at, other pages, ordinary mail."""
    judged = [text for text in released if determined(text[1][-1].text)]
    rest = [text for text in released if not determined(text[1][-1].text)]
    given = {"pages determined, second half": judged[1::2], "other pages": rest, "ordinary mail": posted}
    return [_found(name, texts, looker) for name, texts in given.items() if texts]


def _found(name: str, texts: Sequence[Text], looker: Looker) -> Found:
    counts: Counter[str] = Counter()
    for _, pieces in texts:
        highest: dict[str, Severity] = {}
        for finding in looker.look(pieces):
            if finding.id in PAPERS:
                highest[finding.id] = max(finding.severity, highest.get(finding.id, Severity.LOW))
        counts.update(f"{id_} {severity.word}" for id_, severity in highest.items())
    return Found(name, len(texts), dict(sorted(counts.items())))


def said(rows: Sequence[Found]) -> Iterator[str]:
    """One line each."""
    yield "\npapers"
    yield from (f"{row.on:<32}{row.texts:>7}  " + ", ".join(f"{w}: {n}" for w, n in row.found.items()) for row in rows)
