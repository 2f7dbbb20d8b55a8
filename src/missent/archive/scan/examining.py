"""The second pass: mail that may matter read again, opened and judged by the engine, looking back over all of the archive."""

import copyreg
import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from missent.archive.acceptance import Accepted
from missent.archive.deliveries import Ours
from missent.archive.scan import aftermath, facts
from missent.archive.scan.accused import Accused
from missent.archive.scan.exposure import ASKED, Exposure, as_dict
from missent.archive.scan.fetching import Place, fetch
from missent.archive.scan.hindsight import Hindsight
from missent.archive.scan.listed import Listed
from missent.archive.scan.logged import NO_SOURCE, deliveries
from missent.archive.scan.markings import Floor
from missent.archive.scan.marks import Mark, Phase
from missent.archive.scan.questions import Questions
from missent.archive.scan.state import State, connected
from missent.archive.scan.taking import Progress
from missent.archive.scan.weighing import BY_MODEL, doubtful, exposing, is_sure
from missent.content.detectors.own_pattern import OwnPatterns
from missent.content.opened import NOTHING_OPENED
from missent.judging import Judging
from missent.message.model import Message
from missent.message.reading import read
from missent.nouns.address import Address
from missent.nouns.envelope import Client, Envelope, Recipient
from missent.nouns.finding import Finding
from missent.nouns.verdict import RecipientVerdict, Verdict
from missent.policy.model import Policy
from missent.reading.opener import Opener
from missent.recipients.model.traits import Hashing
from missent.recipients.names import Names
from missent.recipients.register import Register
from missent.settings import ReadingSettings
from missent.words import explain

_RCPTS = """SELECT person.id, local, domain, coalesce((SELECT min(name) FROM name WHERE name.person = person.id), ''), own
FROM rcpt JOIN person ON person.id = rcpt.person WHERE rcpt.mail = ? ORDER BY person.local, person.domain"""
_READING = ReadingSettings(workers=1)  # each process of a scan has its own
_MAIL = "SELECT mail.at, mail.own, local, domain FROM mail LEFT JOIN person ON person.id = mail.sender WHERE mail.id = ?"


def frozen(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    """A read-only mapping, as rules and register hold it; named, so that pickle finds it."""
    return MappingProxyType(mapping)


copyreg.pickle(MappingProxyType, lambda mapping: (frozen, (dict(mapping),)))  # else no worker could be sent a policy


@dataclass(frozen=True, slots=True)
class Bench:
    """What the second pass judges with, as data that can be sent to another process.

    Attributes:
        own, registered, established: domains known, canonical; established are those known from elsewhere, and those of the
            archive that matter.
        own_scheme: as in the settings.
        ours: hosts and networks of our side, where logs are asked who accepted.
        key: with which registered documents were hashed; b"" finds none.
        own_patterns: the organisation's own; None if its settings name no file.
        accused: digest of what the recipient model found wrong (`missent.archive.scan.accusing`); "" where it was not asked.
    """

    own: frozenset[str]
    policy: Policy
    register: Register = field(default_factory=Register)
    established: tuple[str, ...] = ()
    own_scheme: str = ""
    questions: Questions = field(default_factory=Questions)
    ours: Ours = field(default_factory=Ours)
    key: bytes = field(default=b"", repr=False)
    own_patterns: OwnPatterns | None = None
    accused: str = ""

    def names(self) -> Names:
        """The names of this bench."""
        return Names(self.own, [partner.domain for partner in self.register.partners], self.established)


@dataclass(frozen=True, slots=True)
class ExamineBatch:
    """The second pass over one batch of candidates, as a piece of work that can be sent to another process."""

    folder: Path
    batch: int
    bench: Bench

    def run(self, show: Callable[[Progress], None]) -> None:
        """Judge the batch; what is found is there at once or not at all."""
        state = State(self.folder)
        done = state.found(self.batch)
        if done.is_file():
            return
        with connected(state.candidates, read_only=True) as candidates:
            wanted = candidates.execute(
                "SELECT mail, source, begin, place FROM candidate WHERE batch = ? ORDER BY rowid", (self.batch,)
            )
            rows = wanted.fetchall()
            fresh = done.with_suffix(".new")
            with Opener(_READING) as opener, Mark(state.mark("found", self.batch)) as mark:
                deadly = Deadly(done.with_suffix(".deadly"), mark)
                lines = _examination(state, self.bench).run(rows, deadly, opener)
                fresh.write_text("".join(json.dumps(line) + "\n" for line in lines))
            fresh.replace(done)
        show(Progress(self.batch, len(rows), 0))


class Deadly:
    """Mails that killed who judged them: remembered, for each batch begins anew after a death."""

    def __init__(self, path: Path, mark: Mark) -> None:
        self._path = path
        self._mark = mark
        self._known = frozenset(map(int, path.read_text().split())) if path.is_file() else frozenset()

    def is_so(self, mail: int) -> bool:
        """Whether a mail, which is looked at from now on, has killed too often."""
        self._mark.set(Phase.LOOKING, 0, mail)
        if mail in self._known:
            return True
        if not self._mark.deadly(Phase.LOOKING, 0, mail):
            return False
        with self._path.open("a") as file:
            file.write(f"{mail}\n")
        return True


def _examination(state: State, bench: Bench) -> "_Examination":
    """That of the batch before, if it was of the same scan: what it knows of domains and people is not looked up again."""
    status = state.facts.stat()
    scan = (state.folder, status.st_ino, status.st_mtime_ns, bench)
    if _standing.scan != scan:
        forget()
        _standing.examination = _Examination(_standing.open.enter_context(facts.opened(state)), state, bench)
        _standing.scan = scan
    assert _standing.examination is not None  # noqa: S101 - made with the scan it is of
    return _standing.examination


def forget() -> None:
    """Close what a scan in this thread left open for its next batch."""
    _standing.open.close()
    _standing.scan = _standing.examination = None


class _Standing(threading.local):
    """The examination this thread is at, and what it has open: workers of a cluster may have several threads."""

    def __init__(self) -> None:
        self.scan: tuple[Path, int, int, Bench] | None = None
        self.examination: _Examination | None = None
        self.open = ExitStack()


_standing = _Standing()


class _Examination:
    def __init__(self, db: sqlite3.Connection, state: State, bench: Bench) -> None:
        self._db = db
        self._logs = deliveries(state, bench.ours)
        self._bench = bench
        self._paths = Listed(state)
        names = bench.names()
        self._hindsight = Hindsight(db, names, frozenset(bench.established))
        self._judging = Judging(
            bench.own, names, self._hindsight, bench.policy, time.perf_counter, bench.register, bench.own_scheme, bench.key
        )
        self._judging.own_patterns = bench.own_patterns
        self._accused = Accused(state) if bench.accused else None
        if self._accused:
            self._judging.weigher, self._judging.hashing = self._accused, Hashing()
        self._floor = Floor(bench.questions.marking, bench.own_scheme)
        self._latest = _moment(db.execute("SELECT max(at) FROM mail").fetchone()[0]) or datetime.fromtimestamp(0, UTC)

    def run(self, rows: list[tuple[int, int, int, str]], deadly: "Deadly", opener: Opener) -> Iterator[dict[str, object]]:
        """Exposures as contract lines, and `{"doubtful": n}` for each mail that only may be one."""
        self._opener, self._doubtful = opener, 0
        self._origins: dict[int, aftermath.Origin] = {}
        places: dict[Place, int] = {}
        for mail, source, begin, behind in rows:
            if source == NO_SOURCE:
                continue
            path, kind = self._paths[source]
            places[Place(path, kind, begin, behind)] = mail
        unread = {mail for mail, *_ in rows}
        found: list[Exposure] = []
        for place, raw in fetch(places):
            mail = places[place]
            unread.discard(mail)
            found += self._judged(mail, None if deadly.is_so(mail) else raw)
        for mail in sorted(unread):  # the source is gone since it was read: what the facts know is judged
            found += self._examine(mail, None)
        answered = (self._accepted(exposure) for exposure in found)
        for exposure in aftermath.link(self._db, answered, self._origins, self._paths, self._is_own):
            yield as_dict(exposure)
        yield {"doubtful": self._doubtful, "gone": len(unread)}

    def _accepted(self, exposure: Exposure) -> Exposure:
        """With what the logs say of it, where there are any that know it."""
        if self._logs is None:
            return exposure
        said = self._logs.of(exposure.message_id.strip("<>"), exposure.sender, exposure.rcpt, exposure.at)
        if said.accepted is Accepted.UNKNOWN and exposure.accepted != "unknown":
            return exposure
        where = tuple(dict.fromkeys((*exposure.where, *said.where)))
        return replace(exposure, accepted=said.accepted.value, accepted_by=said.by, where=where)

    def _judged(self, mail: int, raw: bytes | None) -> list[Exposure]:
        """The exposures of one mail; one that cannot be opened or judged is judged by its addresses alone."""
        try:
            return list(self._examine(mail, raw))
        except Exception:  # noqa: BLE001 - one archived message is an edge: the others are still judged
            return list(self._examine(mail, None))

    def _examine(self, mail: int, raw: bytes | None) -> Iterator[Exposure]:
        at, own, local, domain = self._db.execute(_MAIL, (mail,)).fetchone()
        sender = Address(local, domain) if domain else None
        moment = _moment(at)
        questions = self._bench.questions
        if not questions.asks_of(sender) or not questions.within(moment):
            return
        message = read(raw) if raw is not None else None
        rcpts = self._recipients(mail, message)
        self._hindsight.but = (sender.key if sender else "", frozenset(rcpts.values()))
        envelope = Envelope(sender, tuple(Recipient(address) for address in rcpts), client=Client(own=bool(own)))
        if self._accused:
            self._accused.mail = mail
        opened = self._opener.open(raw, message) if raw is not None and message is not None else NOTHING_OPENED
        verdict = self._judging.judge(message, envelope, moment or self._latest, opened)
        if not self._floor.reached(verdict.marking):
            return
        if message:
            self._origins[mail] = aftermath.Origin(aftermath.topic(message.subject), message.body_sha256)
        for one in verdict.recipients:
            if (why := self._why(one, verdict)) is not None:
                yield self._exposure(mail, moment, sender, one, (verdict, message, why, bool(own)))

    def _recipients(self, mail: int, message: Message | None) -> dict[Address, int]:
        """Everybody any copy names, as written here where they stand here."""
        written = {a.key: a for a in message.rcpts} if message else {}
        rows = self._db.execute(_RCPTS, (mail,)).fetchall()
        known = {f"{local}@{domain}": (person, Address(local, domain, name)) for person, local, domain, name, _ in rows}
        return {written.get(key, address): person for key, (person, address) in known.items()}

    def _why(self, one: RecipientVerdict, verdict: Verdict) -> tuple[Finding, ...] | None:
        """The findings that make it an exposure; an empty tuple if only a question does; None if it is none."""
        questions = self._bench.questions
        found = exposing(one.findings)
        if questions.select:
            return found if questions.selects(one.address) else None
        if found:
            return found
        if self._floor.asked and verdict.marking and not self._is_own(one.address.domain):
            return ()
        self._doubtful += doubtful(one.findings)
        return None

    def _message_id(self, mail: int, message: Message | None) -> str:
        if message is None:
            row = self._db.execute("SELECT message_id FROM log_id WHERE one = ?", (mail,)).fetchone()
            return f"<{row[0]}>" if row and row[0] else ""
        return f"<{message.message_id}>" if message.message_id else ""

    def _is_own(self, domain: str) -> bool:
        return any(domain == own or domain.endswith("." + own) for own in self._bench.own)

    def _exposure(
        self,
        mail: int,
        at: datetime | None,
        sender: Address | None,
        one: RecipientVerdict,
        told: tuple[Verdict, Message | None, tuple[Finding, ...], bool],
    ) -> Exposure:
        verdict, message, why, own = told
        marking = verdict.marking
        copies = self._db.execute("SELECT source, place FROM copy WHERE mail = ? ORDER BY source, begin", (mail,)).fetchall()
        doubt = next((f for f in why if f.id in BY_MODEL), None)
        impossible = any(f.id == "cannot-exist" for f in one.findings)
        return Exposure(
            number=mail,
            message_id=self._message_id(mail, message),
            at=at,
            sender=sender.key if sender else "",
            rcpt=one.address.key,
            findings=tuple(dict.fromkeys(f.id for f in why)) or (ASKED,),
            confidence=max((f.confidence for f in why), default=1.0),
            sure=not why or any(map(is_sure, why)),
            meant=next((f.suggestion for f in why if f.suggestion), None),
            marking=(marking.scheme, marking.level, marking.text) if marking else None,
            categories=_categories(verdict),
            answered=self._hindsight.answered(one.address.domain, one.address.key),
            accepted="no" if impossible else "unknown",
            where=tuple(place if source == NO_SOURCE else f"{self._paths[source][0]}{place}" for source, place in copies),
            own=own,
            size=message.size if message else 0,
            explanation=explain(doubt) if doubt else "",
            facts=doubt.evidence if doubt else {},
        )


def _categories(verdict: Verdict) -> tuple[str, ...]:
    """Categories of what the detectors found; checks have none."""
    return tuple(sorted({str(f.evidence["category"]) for f in verdict.findings if "category" in f.evidence}))


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None or seconds < 0 else datetime.fromtimestamp(seconds, UTC)
