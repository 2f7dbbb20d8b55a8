"""What about a recipient speaks for or against being meant: one row of numbers per recipient.

The *rival* is an absent contact of the sender's with a like name; the *double* a recipient of the same mail with one;
the *absent* one the contact not among the recipients who fits best, whatever the name.
"""

from collections.abc import KeysView
from math import log, log1p

import numpy as np

from missent.recipients.model import answers
from missent.recipients.model.fits import Fit, Fitting
from missent.recipients.model.letter import Mail
from missent.recipients.model.memory import Memory
from missent.recipients.model.people import Person, person
from missent.recipients.model.resembling import NO_SLIP, alike, domain_slip
from missent.recipients.model.ties import Ties

Row = dict[str, float]
_DAY = 86_400.0
_NEVER = 2000.0
_MOST_RIVALS = 5
_MOST_ABSENT = 12
_MOST_MEMBERS = 12
_STRANGER = -1


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
        fitting = Fitting(memory, mail, self.sender)
        self.facts, self.last, self.stands = fitting.facts, fitting.last, fitting.stands
        self.rcpts = [memory.people.known(a) or person(_STRANGER, a, mail.names.get(a, "")) for a in mail.rcpts]
        self._at = {a: i for i, a in enumerate(mail.rcpts)}
        self._here = {r.number for r in self.rcpts}
        self.rivals = [self._rivals(r) for r in self.rcpts]
        self.answered = answers.absent(memory, mail, self.ties, self._here)
        self.absent = self._absent()
        everybody = {p.address: p for p in (*self.rcpts, *(p for rivals in self.rivals for p in rivals), *self.absent)}
        self._rows: list[Row] = []
        self.fits = fitting(list(everybody.values()))

    def _rivals(self, rcpt: Person) -> list[Person]:
        people, ties = self.memory.people, self.ties
        found = people.alike(rcpt, ties.rows.keys()) - self._here
        best = sorted(found, key=lambda n: (-ties.fresh(n), n))[:_MOST_RIVALS]
        return [people.numbered(n) for n in best]

    def _absent(self) -> list[Person]:
        """Contacts who might have been meant: those of the thread's last mail, and those written to most lately."""
        people, ties = self.memory.people, self.ties
        members = [m.number for m in map(people.known, self.last[:_MOST_MEMBERS]) if m and m.address != self.mail.sender]
        fresh = ties.freshest(_MOST_ABSENT)
        author = [self.answered.person.number] if self.answered.person else []
        return [people.numbered(n) for n in dict.fromkeys((*author, *members, *fresh)) if n not in self._here]

    def rows(self) -> list[Row]:
        """Features of every recipient, in order."""
        if not self._rows:
            best = self._best_absent()
            self._rows = [self._row(r, rivals, best) for r, rivals in zip(self.rcpts, self.rivals, strict=True)]
        return self._rows

    def best_rival(self, rcpt: Person, rivals: list[Person]) -> Fit | None:
        """The like-named absent contact who fits best."""
        return max((self.fits[p.address] for p in rivals), key=lambda f: (f.whole, f.person.address), default=None)

    def _row(self, rcpt: Person, rivals: list[Person], absent: Fit | None) -> Row:
        fit = self.fits[rcpt.address]
        row = self._alone(fit)
        slip = NO_SLIP if rcpt.number in self.ties.rows else domain_slip(self.memory, rcpt, rivals)
        others = [self.fits[r.address] for r in self.rcpts if r.address != rcpt.address]
        row |= _against("others", fit, max(others, key=lambda f: f.whole, default=None))
        doubles = [o for o in others if alike(rcpt, o.person)]
        row |= _against("double", fit, max(doubles, key=lambda f: f.whole, default=None))
        rival = self.best_rival(rcpt, rivals)
        row |= _against("rival", fit, rival)
        row |= _against("absent", fit, absent)
        row["absent-sum"] = absent.own_sum - fit.own_sum if absent else 0.0
        row["absent-stands"] = absent.stands - fit.stands if absent else 0.0
        row["rival-sum"] = rival.own_sum - fit.own_sum if rival else 0.0
        row["rival-days"] = _days(rival.tie.last, self.mail.at) if rival else 8.0
        row["kin"], row["kin-most"] = self._kin(rcpt)
        row["rival-said"] = (
            rival.said + rival.quoted_name + rival.written - fit.said - fit.quoted_name - fit.written if rival else 0.0
        )
        row["rivals"] = float(len(rivals))
        row["common"], row["common-share"] = self._common(rcpt)
        row["rival-likeness"] = alike(rcpt, rival.person) if rival else 0.0
        row["slip-of-domain"], row["near-domain"], row["near-local"] = slip
        row["double-met"] = self._met(rcpt, doubles)
        row["same-domain"] = sum(o.person.domain == rcpt.domain for o in others) / len(others) if others else -1.0
        row["author-other"] = max((o.author for o in others), default=0.0)
        row["author-absent"] = self.answered.parts
        row["greeted-other"] = float(fit.named < 1 and any(o.named >= 1 for o in others))
        return row

    def _kin(self, rcpt: Person) -> tuple[float, float]:
        """Whether the recipient deals with the same people as the other recipients: mean and most; -1 alone."""
        mine = self._contacts(rcpt)
        shares = []
        for other in self.rcpts:
            if other.number != rcpt.number:
                theirs = self._contacts(other)
                shares.append(len(mine & theirs) / ((len(mine) + 1) * (len(theirs) + 1)) ** 0.5)
        return (sum(shares) / len(shares), max(shares)) if shares else (-1.0, -1.0)

    def _contacts(self, one: Person) -> KeysView[int]:
        return self.memory.of(one.number).rows.keys()

    def _best_absent(self) -> Fit | None:
        return max((self.fits[p.address] for p in self.absent), key=lambda f: (f.whole, f.person.address), default=None)

    def _common(self, rcpt: Person) -> tuple[float, float]:
        """How many contacts the recipient shares with the sender, and their share of the recipient's."""
        theirs = self._contacts(rcpt)
        both = len(theirs & self.ties.rows.keys())
        return log1p(both), both / (len(theirs) + 1)

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
            "days": _days(tie.last, at),
            "alone": (tie.alone + 0.5) / (tie.sent + 1.0) if len(self.rcpts) == 1 else -1.0,
            "own": fit.own, "quoted": fit.quoted, "subject": fit.subject, "thread": fit.thread,
            "company": fit.company, "together": fit.together,
            "own-sum": fit.own_sum, "written": fit.written,
            "site-fresh": log1p(10 * _faded(site.fresh, site.last, at)),
            "site-days": _days(site.last, at),
            "site-sent": log1p(site.sent),
            "site-words": fit.site_words, "site-company": fit.site_company, "with-sender": fit.with_sender,
            "named": fit.named,
            "said": fit.said,
            "in-history": fit.quoted_name,
            "has-history": float(bool(self.traits.quoted)),
            "thread-member": fit.stands,
            "author": fit.author, "member": fit.member, "passed": float(self.traits.passed),
            "reply": float(self.traits.reply),
            "recipients": log(len(self.rcpts)),
            "length": log1p(len(self.traits.own)),
            "newness": log((len(self.ties.rows) + 1) / (self.ties.wrote + 1.0)),
            "domain": log1p(memory.domains.get(p.domain, 0)),
            "inside": float(p.domain == self.mail.sender.rpartition("@")[2]),
            "experience": log1p(self.ties.wrote),
        }  # fmt: skip


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


def _days(last: float, at: float) -> float:
    return log1p(min(max(at - last, 0.0) / _DAY, _NEVER)) if last else 8.0


def _faded(count: float, last: float, at: float) -> float:
    return float(count * 0.5 ** (max(at - last, 0.0) / (60 * _DAY)))
