"""How well people fit a mail: the evidence of its words, subject, thread, greeting and company for each of them.

Evidence of facts is a log-likelihood ratio: how much likelier a word, a subject, a greeting or a companion is in mail
between these two than in the sender's mail at large, with the organisation behind a sender of whom little is known.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import log1p

import numpy as np
import numpy.typing as npt

from missent.recipients.model.answers import bears
from missent.recipients.model.letter import Mail
from missent.recipients.model.marks import Marks
from missent.recipients.model.memory import ANYBODY, GROUPS, Memory
from missent.recipients.model.people import Person
from missent.recipients.model.ties import Tie

_PRIOR = 3.0
_NOTHING = [0.0] * len(GROUPS)


@dataclass(frozen=True, slots=True)
class Fit:
    """How one person fits a mail, by the parts of evidence; log-likelihood ratios are means over the facts of a group."""

    person: Person
    tie: Tie
    own: float
    quoted: float
    subject: float
    thread: float
    greeted: float
    company: float
    together: float
    site_words: float
    site_company: float
    with_sender: float
    named: float
    own_sum: float
    stands: float
    said: float
    quoted_name: float
    written: float
    author: float
    member: float

    @property
    def whole(self) -> float:
        """All parts in one number, good enough to pick a rival."""
        tie = self.tie
        return (
            log1p(tie.fresh + 0.3 * tie.back)
            + self.own
            + self.subject
            + 0.5 * (self.thread + self.greeted + self.company)
            + self.named
            + max(self.author, 0.0)
        )


class Fitting:
    """Fits people to one mail.

    Attributes:
        facts: of the mail.
        last: who stood in the last mail of its thread, the author first; () where it is not known.
    """

    def __init__(self, memory: Memory, mail: Mail, sender: int) -> None:
        self.facts = memory.facts(mail)
        self.last = memory.last(mail.traits.thread)
        self._memory, self._mail, self._sender = memory, mail, sender
        self._ties, self._site = memory.of(sender), memory.of(0)
        self._at = {a: i for i, a in enumerate(mail.rcpts)}
        self._said = {*mail.traits.own, *mail.traits.subject}
        self._quoted = set(mail.traits.quoted)
        self._greeted = set(mail.traits.greeted)
        self._greets_somebody = -1.0 if self._greeted & memory.people.greetings.keys() else 0.0
        self._author, self._members = frozenset(mail.traits.author), frozenset(mail.traits.members)
        self._long = len(mail.traits.own) ** 0.5

    def stands(self, address: str) -> bool | None:
        """Whether an address stood in the last mail of the thread; None where the sender was in no such thread."""
        return address in self.last if self._mail.sender in self.last else None

    def __call__(self, everybody: list[Person]) -> dict[str, Fit]:
        """How each fits, by address. The recipients come first, and only they are compared with the site's mail."""
        memory, many = self._memory, len(everybody)
        here = everybody[: len(self._at)]  # each once, whatever a caller tells
        keys = [memory.pair(self._sender, p.number) for p in everybody] + [memory.pair(0, p.number) for p in here]
        keys += [memory.pair(self._sender, ANYBODY), memory.pair(0, ANYBODY)]
        counted = memory.sketch.counts(np.array(keys, np.uint64), self.facts.hashes).astype(np.float64)
        background, counts = self._background(*counted[-2:]), counted[:-2]
        ties = [self._ties.get(p.number) for p in everybody]
        seen = np.array([t.sent + t.received for t in (*ties, *(self._site.get(p.number) for p in here))])[:, None]
        counts = np.minimum(counts, seen)
        ratio = np.log((counts + _PRIOR * background) / ((seen + _PRIOR) * background))
        ratio = np.minimum(np.maximum(ratio, -2.0), 5.0)  # np.clip costs more
        first, last = (self.facts.ends[i] for i in (4, 5))
        for row, p in enumerate(here):  # nobody is company to himself
            if last > first:
                place = first + self._at[p.address]
                ratio[[row, row + many], place] = counts[row, place] = 0.0
        means = self._by_group(ratio)
        means += [_NOTHING] * (many - len(here))
        met = (counts[:many, first:last] > 0).sum(axis=1).tolist()
        high = ratio[:many, self.facts.ends[3] : first].max(axis=1, initial=0.0).tolist()
        return {p.address: self._fit(p, ties[i], means[i], means[i + many], (high[i], met[i])) for i, p in enumerate(everybody)}

    def _by_group(self, ratio: npt.NDArray[np.float64]) -> list[list[float]]:
        """Means per group of facts, by row; of no facts 0."""
        ends = (0, *self.facts.ends)
        sums = np.zeros((len(ratio), ratio.shape[1] + 1))
        np.cumsum(ratio, axis=1, out=sums[:, 1:])
        at_ends, sizes = sums[:, ends], [max(end - start, 1) for start, end in pairwise(ends)]
        means: list[list[float]] = ((at_ends[:, 1:] - at_ends[:, :-1]) / sizes).tolist()
        return means

    def _background(self, own: npt.NDArray[np.float64], site: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """How usual each fact is in whatever the sender writes, from its counts there and in all mail of the site."""
        broad = (site + 0.5) / (self._memory.wrote + 10.0)
        mixed: npt.NDArray[np.float64] = np.minimum((own + 10.0 * broad) / (self._ties.wrote + 10.0), 0.95)
        return mixed

    def _fit(self, p: Person, tie: Tie, own: list[float], site: list[float], extra: tuple[float, float]) -> Fit:
        company = len(self._mail.rcpts) - (p.address in self._at)
        marks = self._memory.marks(p)
        whole = len(self._mail.rcpts) / company if company and self.facts.ends[5] > self.facts.ends[4] else 0.0
        return Fit(
            p, tie, own[0], own[1], own[2], own[3],
            greeted=extra[0],
            company=own[5] * whole,
            together=extra[1] / company if company else 0.0,
            site_words=site[0] + site[2],
            site_company=site[5] * whole,
            with_sender=site[6],
            named=self._named(marks),
            own_sum=(own[0] + own[2]) * self._long,
            stands=self._member(p.address),
            said=self._share(marks, self._said),
            quoted_name=self._share(marks, self._quoted),
            written=self._written(marks),
            author=(bears(marks, self._author) or -1.0) if self._author else 0.0,
            member=(bears(marks, self._members) or -1.0) if self._members else 0.0,
        )  # fmt: skip

    def _written(self, marks: Marks) -> float:
        written = self._mail.traits.written
        return 2.0 * (marks.address in written) + float(marks.local in written) if written else 0.0

    def _named(self, marks: Marks) -> float:
        """Whether the greeting speaks to this person (2 the first name, 1 any part, 0 nobody greeted, -1 another)."""
        if not self._greeted:
            return 0.0
        if marks.first & self._greeted:
            return 2.0
        if marks.parts & self._greeted:
            return 1.0
        return self._greets_somebody

    @staticmethod
    def _share(marks: Marks, among: set[int]) -> float:
        """The share of a person's name parts that stand in a text."""
        if not among or not marks.words:
            return 0.0
        return sum(word in among or subject in among for word, subject in marks.words) / len(marks.words)

    def _member(self, address: str) -> float:
        """2 where the person wrote the last mail of this subject, 1 where it stood in it, -1 where not, 0 without one."""
        stands = self.stands(address)
        if stands is None:
            return 0.0
        return (2.0 if address == self.last[0] else 1.0) if stands else -1.0
