"""What about a recipient speaks for or against being meant: one row of numbers per recipient.

Evidence of facts is a log-likelihood ratio: how much likelier a word, a subject, a greeting or a companion is in mail
between these two than in the sender's mail at large, with the organisation behind a sender of whom little is known.
The *rival* is an absent contact of the sender's with a like name; the *double* a recipient of the same mail with one.
"""

from dataclasses import dataclass
from math import log, log1p

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from missent.recipients.model.letter import Mail
from missent.recipients.model.memory import ANYBODY, Facts, Memory, Tie, Ties
from missent.recipients.model.people import Person, person

Row = dict[str, float]
_PRIOR = 3.0
_DAY = 86_400.0
_NEVER = 2000.0
_MOST_RIVALS = 3
_STRANGER = -1


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
        )


class Look:
    """One mail looked at: rows of features per recipient, and who the rivals are."""

    def __init__(self, memory: Memory, mail: Mail) -> None:
        self.memory = memory
        self.mail = mail
        self.traits = mail.traits
        sender = memory.people.known(mail.sender)
        self.sender = sender.number if sender else _STRANGER
        self.ties: Ties = memory.of(self.sender)
        self.site: Ties = memory.of(0)
        self.facts: Facts = memory.facts(mail)
        self.rcpts = [memory.people.known(a) or person(_STRANGER, a, mail.names.get(a, "")) for a in mail.rcpts]
        self._at = {a: i for i, a in enumerate(mail.rcpts)}
        self._here = {r.number for r in self.rcpts}
        self.rivals = [self._rivals(r) for r in self.rcpts]
        everybody = {p.address: p for p in (*self.rcpts, *(p for rivals in self.rivals for p in rivals))}
        self._said = {*mail.traits.own, *mail.traits.subject}
        self._quoted = set(mail.traits.quoted)
        self._greeted = set(mail.traits.greeted)
        self.last = memory.last(mail.traits.thread)
        self.fits = self._fits(list(everybody.values()))

    def _rivals(self, rcpt: Person) -> list[Person]:
        people, ties = self.memory.people, self.ties
        found = people.alike(rcpt, ties.rows.keys()) - self._here
        best = sorted(found, key=lambda n: (-ties.fresh(n), n))[:_MOST_RIVALS]
        return [people.numbered(n) for n in best]

    def _fits(self, everybody: list[Person]) -> dict[str, Fit]:
        memory, many = self.memory, len(everybody)
        background = self._background()
        keys = [memory.pair(self.sender, p.number) for p in everybody] + [memory.pair(0, p.number) for p in everybody]
        counts = memory.sketch.counts(np.array(keys, np.uint64), self.facts.hashes).astype(np.float64)
        ties = [self.ties.get(p.number) for p in everybody]
        seen = np.array([t.sent + t.received for t in (*ties, *(self.site.get(p.number) for p in everybody))])[:, None]
        counts = np.minimum(counts, seen)
        ratio = np.clip(np.log((counts + _PRIOR * background) / ((seen + _PRIOR) * background)), -2.0, 5.0)
        first, last = (self.facts.ends[i] for i in (4, 5))
        for row, p in enumerate(everybody):  # nobody is company to himself
            if last > first and p.address in self._at:
                place = first + self._at[p.address]
                ratio[[row, row + many], place] = counts[row, place] = 0.0
        means = self._by_group(ratio)
        met = (counts[:many, first:last] > 0).sum(axis=1).tolist()
        high = ratio[:many, self.facts.ends[3] : first].max(axis=1, initial=0.0).tolist()
        return {p.address: self._fit(p, ties[i], means[i], means[i + many], (high[i], met[i])) for i, p in enumerate(everybody)}

    def _by_group(self, ratio: npt.NDArray[np.float64]) -> list[list[float]]:
        """Means per group of facts, by row; of no facts 0."""
        ends = np.array((0, *self.facts.ends))
        sums = np.zeros((len(ratio), ratio.shape[1] + 1))
        np.cumsum(ratio, axis=1, out=sums[:, 1:])
        means: list[list[float]] = (np.diff(sums[:, ends], axis=1) / np.maximum(np.diff(ends), 1)).tolist()
        return means

    def _background(self) -> npt.NDArray[np.float64]:
        memory = self.memory
        keys = np.array([memory.pair(self.sender, ANYBODY), memory.pair(0, ANYBODY)], np.uint64)
        own, site = memory.sketch.counts(keys, self.facts.hashes).astype(np.float64)
        broad = (site + 0.5) / (memory.wrote + 10.0)
        mixed: npt.NDArray[np.float64] = np.minimum((own + 10.0 * broad) / (self.ties.wrote + 10.0), 0.95)
        return mixed

    def _fit(self, p: Person, tie: Tie, own: list[float], site: list[float], extra: tuple[float, float]) -> Fit:
        company = len(self.rcpts) - (p.address in self._at)
        whole = len(self.rcpts) / company if company and self.facts.ends[5] > self.facts.ends[4] else 0.0
        return Fit(
            p, tie, own[0], own[1], own[2], own[3],
            greeted=extra[0],
            company=own[5] * whole,
            together=extra[1] / company if company else 0.0,
            site_words=site[0] + site[2],
            site_company=site[5] * whole,
            with_sender=site[6],
            named=self._named(p),
        )  # fmt: skip

    def _named(self, p: Person) -> float:
        """Whether the greeting speaks to this person (2 the first name, 1 any part, 0 nobody greeted, -1 another)."""
        greeted = self._greeted
        if not greeted:
            return 0.0
        first = p.parts[0] if p.parts else ""
        if any(self.memory.hash("g", first[:size]) in greeted for size in range(2 if len(first) < 3 else 3, len(first) + 1)):
            return 2.0
        if any(self.memory.hash("g", part) in greeted for part in p.parts):
            return 1.0
        return -1.0 if greeted & self.memory.people.greetings else 0.0

    def _share(self, p: Person, among: set[int]) -> float:
        """The share of a person's name parts that stand in a text."""
        hashed = self.memory.hash
        return sum(hashed("w", part) in among or hashed("s", part) in among for part in p.parts if len(part) > 2) / (
            len(p.parts) or 1
        )

    def rows(self) -> list[Row]:
        """Features of every recipient, in order."""
        return [self._row(r, rivals) for r, rivals in zip(self.rcpts, self.rivals, strict=True)]

    def best_rival(self, rcpt: Person, rivals: list[Person]) -> Fit | None:
        """The like-named absent contact who fits best."""
        return max((self.fits[p.address] for p in rivals), key=lambda f: (f.whole, f.person.address), default=None)

    def _row(self, rcpt: Person, rivals: list[Person]) -> Row:
        fit = self.fits[rcpt.address]
        row = self._alone(fit)
        others = [self.fits[r.address] for r in self.rcpts if r.address != rcpt.address]
        row |= _against("others", fit, max(others, key=lambda f: f.whole, default=None))
        doubles = [o for o in others if alike(rcpt, o.person)]
        row |= _against("double", fit, max(doubles, key=lambda f: f.whole, default=None))
        rival = self.best_rival(rcpt, rivals)
        row |= _against("rival", fit, rival)
        row["rival-likeness"] = alike(rcpt, rival.person) if rival else 0.0
        row["slip-of-domain"] = self._slip_of_domain(rcpt, rivals)
        row["double-met"] = self._met(rcpt, doubles)
        row["same-domain"] = sum(o.person.domain == rcpt.domain for o in others) / len(others) if others else -1.0
        row["address-in-text"] = float(self.memory.hash("a", f"{rcpt.local}@") in self.traits.written)
        row["greeted-other"] = float(fit.named < 1 and any(o.named >= 1 for o in others))
        return row

    def _met(self, rcpt: Person, doubles: list[Fit]) -> float:
        """How often the recipient and a double stood together in mail of the site, at most; -1 without a double."""
        if not doubles or self.facts.ends[5] == self.facts.ends[4]:
            return -1.0
        facts = self.facts.hashes[[self.facts.ends[4] + self._at[d.person.address] for d in doubles]]
        keys = np.array([self.memory.pair(0, rcpt.number)], np.uint64)
        return log1p(float(self.memory.sketch.counts(keys, facts).max()))

    def _alone(self, fit: Fit) -> Row:
        tie, p, memory = fit.tie, fit.person, self.memory
        site = self.site.get(p.number)
        at = self.mail.at
        return {
            "sent": log1p(tie.sent),
            "received": log1p(tie.received),
            "fresh": log1p(10 * _faded(tie.fresh, tie.last, at)),
            "back": log1p(10 * _faded(tie.back, tie.last, at)),
            "share": log((tie.sent + 0.1) / (self.ties.wrote + 1.0)),
            "days": log1p(min(max(at - tie.last, 0.0) / _DAY, _NEVER)) if tie.last else 8.0,
            "alone": (tie.alone + 0.5) / (tie.sent + 1.0) if len(self.rcpts) == 1 else -1.0,
            "own": fit.own, "quoted": fit.quoted, "subject": fit.subject, "thread": fit.thread,
            "greeted": fit.greeted, "company": fit.company, "together": fit.together,
            "site-sent": log1p(site.sent), "site-received": log1p(site.received),
            "site-words": fit.site_words, "site-company": fit.site_company, "with-sender": fit.with_sender,
            "named": fit.named,
            "said": self._share(p, self._said),
            "in-history": self._share(p, self._quoted),
            "has-history": float(bool(self._quoted)),
            "thread-member": self._member(p.address),
            "reply": float(self.traits.reply),
            "recipients": log(len(self.rcpts)),
            "domain": log1p(memory.domains.get(p.domain, 0)),
            "inside": float(p.domain == self.mail.sender.rpartition("@")[2]),
            "experience": log1p(self.ties.wrote),
        }  # fmt: skip

    def stands(self, address: str) -> bool | None:
        """Whether an address stood in the last mail of the thread; None where the sender was in no such thread."""
        return address in self.last if self.mail.sender in self.last else None

    def _member(self, address: str) -> float:
        """2 where the person wrote the last mail of this subject, 1 where it stood in it, -1 where not, 0 without one."""
        stands = self.stands(address)
        if stands is None:
            return 0.0
        return (2.0 if address == self.last[0] else 1.0) if stands else -1.0

    def _slip_of_domain(self, rcpt: Person, rivals: list[Person]) -> float:
        """How far the address looks like a slip in the domain of a known one.

        3: same local part as a contact's at a domain one letter off; 2: an unknown domain one letter off a known one;
        1: same local part as a contact's at another domain. 0 for who has a tie with the sender.
        """
        if rcpt.number in self.ties.rows:
            return 0.0
        same = [r for r in rivals if r.local == rcpt.local]
        if any(OSA.distance(r.domain, rcpt.domain, score_cutoff=1) <= 1 for r in same):
            return 3.0
        if self.memory.domains.get(rcpt.domain, 0) < 2 and self._near_domain(rcpt.domain):
            return 2.0
        return 1.0 if same else 0.0

    def _near_domain(self, domain: str) -> bool:
        busy = [d for d in self.memory.domains if d != domain and abs(len(d) - len(domain)) < 2]
        return process.extractOne(domain, busy, scorer=OSA.distance, score_cutoff=1) is not None


def alike(one: Person, other: Person) -> float:
    """How much two people's addresses are alike: 4 same local part, 3 a slip apart, 2 same last part, 1 any, .5 beginning."""
    if one.local == other.local:
        return 4.0
    if min(len(one.local), len(other.local)) > 4 and OSA.distance(one.local, other.local, score_cutoff=2) <= 2:
        return 3.0
    if one.parts and other.parts and one.parts[-1] == other.parts[-1]:
        return 2.0
    if any(part in other.parts for part in one.parts if len(part) > 2):
        return 1.0
    return 0.5 if one.local[:3] == other.local[:3] else 0.0


def _against(name: str, fit: Fit, other: Fit | None) -> Row:
    if other is None:
        return {f"{name}-{k}": 0.0 for k in ("is", "ties", "words", "thread", "company", "named")}
    return {
        f"{name}-is": 1.0,
        f"{name}-ties": log1p(10 * other.tie.fresh) - log1p(10 * fit.tie.fresh) + 1e-3,
        f"{name}-words": other.own + other.subject - fit.own - fit.subject,
        f"{name}-thread": other.thread + other.quoted - fit.thread - fit.quoted,
        f"{name}-company": other.company - fit.company,
        f"{name}-named": other.named + other.greeted - fit.named - fit.greeted,
    }


def _faded(count: float, last: float, at: float) -> float:
    return float(count * 0.5 ** (max(at - last, 0.0) / (60 * _DAY)))
