"""The lookalike index: which known names a domain resembles, found by shared keys and weighed one by one."""

from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz.distance import OSA

from missent.recipients.book import OPEN, Book
from missent.recipients.endings import NO_SUCH, ROW, Endings
from missent.recipients.families import EXACT_LENGTH, FAMILIES, SAME_LOOK, by_length, edited
from missent.recipients.filing import Form, asked_keys, far_keys, forms, near_keys, whole_keys
from missent.recipients.suffixes import Split, split

SIBLINGS = 12
"""Of more names under one parent it cannot be said which was meant by a dropped or swapped label."""

FEW = 3
"""Questions that are answered before names given at the start are filed: `missent check` asks one, and 5,000 names take
longer to file than to look through."""

WORTH = 300
"""Names from which looking through is worth loading what does it."""

_SHORT = 5
"""A name of fewer letters with both a slip in it and a wrong ending is any name."""


class Likeness(NamedTuple):
    """One known name a domain resembles: log-odds that it is a slip, how they differ, the domain put right."""

    weight: float
    known: str
    meant: str
    family: str


class Lookalikes:
    """Names that come and go, filed in memory, beside the listed names of the book, filed when it was made."""

    def __init__(self, book: Book, names: Iterable[str] = ()) -> None:
        self._book = book
        self._endings = Endings(book)
        self._filed: dict[str, str | list[str]] = {}
        self._splits: dict[str, Split] = {}
        self._open = book.filed((OPEN,))
        for name in self._open:
            self._file(name)
        self._given = set(names)
        self._waiting = list(self._given)  # to be filed after a few questions
        self._questions = 0

    def add(self, name: str) -> None:
        """File a name; filing it twice changes nothing."""
        self.file()
        self._given.add(name)
        self._file(name)

    def discard(self, name: str) -> None:
        """Take a name out again."""
        self.file()
        self._given.discard(name)
        if name in self._open or name not in self._splits:
            return
        known = self._splits.pop(name)
        for key in {*near_keys(known), *far_keys(known.head)}:
            there = self._filed[key]
            if isinstance(there, str):
                del self._filed[key]
                continue
            there.remove(name)
            if len(there) == 1:
                self._filed[key] = there[0]

    def file(self) -> None:
        """File all names that wait for it."""
        waiting, self._waiting = self._waiting, []
        for name in waiting:
            self._file(name)

    def _file(self, name: str) -> None:
        if name in self._splits:
            return
        known = self._splits[name] = split(self._book, name)
        setdefault, filed = self._filed.setdefault, self._filed
        for key in near_keys(known) + far_keys(known.head):
            there = setdefault(key, name)
            if there is name:
                continue
            if isinstance(there, str):
                filed[key] = [there, name]
            elif there[-1] is not name:
                there.append(name)

    def like(self, domain: str) -> list[Likeness]:
        """What a domain resembles, the likeliest first, each domain it may mean once."""
        asked = split(self._book, domain)
        readings = forms(asked)
        exists = self._endings.exists(asked.suffix)
        found: dict[str, Likeness] = {}
        for known, listed in self._candidates(asked, readings):
            if known.host == domain:
                continue
            likeness = self._likeliest(readings, known, rearranged(asked, known, exists=exists), listed=listed)
            if likeness and (likeness.meant not in found or found[likeness.meant].weight < likeness.weight):
                found[likeness.meant] = likeness
        return sorted(found.values(), key=lambda one: (-one.weight, len(one.known), one.known))

    def _candidates(self, asked: Split, readings: list[Form]) -> list[tuple[Split, bool]]:
        """Known names that share a key, and whether only the book knows them."""
        whole, near, far = whole_keys(asked), [], []
        closed = False
        for form in readings:
            near += asked_keys(form)
            if form.whole:
                far += far_keys(form.head, 2)
            closed = closed or self._endings.closed(form.ending)
        names: set[str] = set()
        filed = self._filed
        if self._waiting:
            names = self._looked_through(readings, {*whole, *near, *far})
        for key in filed.keys() & (*whole, *near, *far):  # one step, however many keys there are
            there = filed[key]
            if isinstance(there, str):
                names.add(there)
            elif key[0] != "^" or len(there) <= SIBLINGS:
                names.update(there)
        listed = self._book.filed(whole + near if closed else whole[:3])
        if not (names or listed):
            return []
        found = [(self._splits.get(name) or split(self._book, name), name not in self._given) for name in names]
        found += [(split(self._book, name), True) for name in listed if name not in names]
        return found

    def _looked_through(self, readings: list[Form], keys: set[str]) -> set[str]:
        """Names not filed yet that would be filed under one of these keys, by looking at each; none after a few questions."""
        self._questions += 1
        if self._questions > FEW or len(self._waiting) < WORTH:
            self.file()
            return set()
        from rapidfuzz.process import extract

        likely = {name for name in self._waiting if "xn--" in name}
        for _, head, ending, _ in readings:
            host = f"{head}.{ending}"
            likely.update(name for name, *_ in extract(host, self._waiting, scorer=OSA.distance, score_cutoff=7, limit=None))
            starts, ends = head + ".", ("." + host, "." + host.partition(".")[2] if "." in head else "." + host)
            likely.update(name for name in self._waiting if name.startswith(starts) or name.endswith(ends))
        return {name for name in likely if not keys.isdisjoint(self._keys(name))}

    def _keys(self, name: str) -> list[str]:
        known = split(self._book, name)
        return near_keys(known) + far_keys(known.head)

    def _likeliest(
        self, readings: list[Form], known: Split, best: tuple[float, str, str] | None, *, listed: bool
    ) -> Likeness | None:
        """The likeliest way in which a domain is a slip for one known name: a reading of it, or `best`."""
        for form in readings:
            weighed = self._weigh(form, known, listed=listed)
            if weighed and (best is None or weighed[0] > best[0]):
                best = (*weighed, form.left)
        if best is None:
            return None
        weight, family, left = best
        return Likeness(weight, known.host, f"{left}.{known.host}" if left else known.host, family)

    def _weigh(self, form: Form, known: Split, *, listed: bool) -> tuple[float, str] | None:
        _, head, ending, whole = form
        if head == known.head:
            if ending == known.suffix:
                return None
            closed = listed or not whole
            slip = self._endings.confusable(ending, known.suffix) if closed else self._endings.any(ending, known.suffix)
            return None if slip is None else (slip + by_length(head, EXACT_LENGTH), "suffix")
        if not whole:
            return None
        if ending == known.suffix:
            difference = edited(head, known.head)
            return difference and (difference[1], difference[0])
        slip = self._endings.confusable(ending, known.suffix)
        if slip is None or len(known.head) < _SHORT:
            return None
        difference = edited(head, known.head, most=1)
        return difference and (difference[1] + slip - ROW + FAMILIES["two-slips"], "two-slips")


def rearranged(asked: Split, known: Split, *, exists: bool) -> tuple[float, str, str] | None:
    """Differences of whole domains: look-alike letters only, dots moved, an ending added, a label dropped or swapped.

    `exists`: whether the asked domain's ending does. Log-odds, family, what stands left of the known name.
    """
    letters = known.letters
    left = asked.head if asked.suffix == letters else ""
    if (asked.head, asked.suffix) == (known.head, known.suffix):
        return SAME_LOOK, "glyph", ""
    elsewhere = asked.suffix != known.suffix or abs(len(asked.head) - len(known.head)) > 1
    if elsewhere and letters in (asked.letters, asked.suffix):
        return (FAMILIES["missing-dot"] + by_length(known.head) if exists else NO_SUCH), "missing-dot", left
    if asked.letters.startswith(letters) and asked.head.replace(".", "").replace("-", "") == letters:
        return FAMILIES["suffix-added"] + by_length(known.head), "suffix-added", ""
    return _by_label(asked, known) if "." in known.head else None


def _by_label(asked: Split, known: Split) -> tuple[float, str, str] | None:
    parent = known.host.partition(".")[2]
    if parent == asked.host:
        return FAMILIES["subdomain-dropped"], "subdomain-dropped", ""
    if "." in asked.head and parent == asked.host.partition(".")[2]:
        return FAMILIES["subdomain-swapped"], "subdomain-swapped", ""
    return None
