"""Markings found and falsely found: part of `python -m bench.content`.

Pages are taken for released papers of the US State Department: one that bears a determination ("Classified by …") must be
found to be classified; of the others those that bear a mark of their own in a line or before a paragraph are set aside by
id, and the rest must not be found to be classified. Mails are ordinary firms' mail in which every government's marking is
false. Speed is beside the limit: the same text lower-cased and searched once for every stem, which no reader avoids.
"""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bench.content_texts import Text
from missent.content.markings.find import find_markings
from missent.content.markings.found import Found
from missent.content.markings.high_water import high_water
from missent.content.markings.slots import STEMS

GOVERNMENTS = ("uk-gscp", "uk-gpms", "us-eo13526", "us-cui", "nato", "au-pspf")
_DETERMINED = re.compile(r"(?i)classified\s+by\b")
_WORD = r"\W{0,5}(?:TOP SECRET|S ?E ?C ?R ?E ?T|CONFIDENTIAL|C O N F I D E N T I A L)(?://.*)?\W{0,5}"
_OWN_MARK = re.compile(rf"(?m)^(?:.*\s{{3,}})?{_WORD}(?:\s{{3,}}.*)?$|^\s*(?:\w{{1,3}}\.\s)?\((?:C|S|TS)(?://.*)?\)\s")


@dataclass
class Row:
    """One line of the table: a corpus read with one own scheme. Ids name what a person should look at."""

    corpus: str
    own_scheme: str
    texts: int
    mb: float
    mb_s: float
    limit_mb_s: float
    texts_s: float
    to_find: int
    found: int
    others: int
    false: int
    missed_ids: list[str] = field(default_factory=list)
    false_ids: list[str] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)
    by_marking: dict[str, int] = field(default_factory=dict)


def timed(texts: Sequence[Text], own: str) -> tuple[list[tuple[Found, ...]], float, float]:
    """Markings of every text, processor seconds for them, and for the least that any reader does."""
    begin = time.process_time()
    found = [find_markings(pieces, own) for _, pieces in texts]
    middle = time.process_time()
    for _, pieces in texts:
        for piece in pieces:
            low = piece.text.lower()
            sum(stem in low for stem in STEMS)
    return found, middle - begin, time.process_time() - middle


def measure(
    corpus: str, texts: Sequence[Text], own: str, to_find: Callable[[str], bool], own_mark: Callable[[str], bool]
) -> Row:
    """Read all texts and compare with what should be found."""
    found, seconds, least = timed(texts, own)
    size = sum(len(p.text) for _, pieces in texts for p in pieces) / 1e6
    row = Row(corpus, own, len(texts), round(size, 2), round(size / max(seconds, 1e-9), 1), round(size / max(least, 1e-9), 1),
              round(len(texts) / max(seconds, 1e-9)), 0, 0, 0, 0)  # fmt: skip
    kinds: Counter[str] = Counter()
    for (name, pieces), markings in zip(texts, found, strict=True):
        kinds.update({f"{f.marking.scheme} {f.marking.level}" for f in markings})
        body = pieces[-1].text
        classified = grave(markings)
        if to_find(body):
            row.to_find += 1
            row.found += classified
            row.missed_ids += [] if classified else [name]
        elif own_mark(body):
            row.set_aside.append(name)
        else:
            row.others += 1
            row.false += classified
            row.false_ids += [name] if classified else []
    row.by_marking = dict(sorted(kinds.items()))
    return row


def grave(markings: tuple[Found, ...]) -> bool:
    """Whether the message's mark is one of a government, and not that it is unclassified."""
    top = high_water(f for f in markings if f.marking.scheme in GOVERNMENTS)
    return top is not None and (top.level != "UNCLASSIFIED" or top.scheme != "us-eo13526")


def rows(released: Sequence[Text], posted: Sequence[Text]) -> list[Row]:
    """Pages and mails, each read with several own schemes."""
    found = [measure("pages", released, own, has(_DETERMINED), has(_OWN_MARK)) for own in ("us-eo13526", "") if released]
    return found + [measure("mails", posted, own, never, never) for own in ("uk-gscp", "us-eo13526", "") if posted]


def good(row: Row) -> bool:
    """Whether the figures are as they must be."""
    return row.found >= 0.98 * row.to_find and row.false <= 0.005 * max(row.others, 1)


def has(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    """Whether a text has what the pattern looks for."""
    return lambda text: pattern.search(text) is not None


def determined(text: str) -> bool:
    """Whether a page bears a reviewer's determination that it is classified."""
    return _DETERMINED.search(text) is not None


def never(_: str) -> bool:
    """Nothing is there to be found."""
    return False


def said(rows: Sequence[Row]) -> Iterator[str]:
    """The table for people, ids below it."""
    yield "markings"
    heads = ("corpus", "own scheme", "texts", "MB", "MB/s", "limit", "texts/s", "to find", "found", "others", "false", "aside")
    lines = [(r.corpus, r.own_scheme or "(none)", r.texts, r.mb, r.mb_s, r.limit_mb_s, r.texts_s, r.to_find,
              share(r.found, r.to_find),
              r.others, share(r.false, r.others), len(r.set_aside)) for r in rows]  # fmt: skip
    for line in (heads, *lines):
        yield "  ".join(f"{cell:>12}" for cell in line)
    for row in rows:
        for what, ids in (("missed", row.missed_ids), ("false", row.false_ids), ("set aside", row.set_aside)):
            if ids:
                yield f"{row.corpus}, {row.own_scheme or '(none)'}: {what}: {' '.join(ids)}"
        yield f"{row.corpus}, {row.own_scheme or '(none)'}: " + ", ".join(f"{k}: {n}" for k, n in row.by_marking.items())


def share(part: int, whole: int) -> str:
    """`299 (99.7 %)`."""
    return f"{part} ({100 * part / whole:.1f} %)" if whole else str(part)
