"""The replay: each mail of ours judged by what was known when it was sent, then learned; several policies side by side.

The engine finds once, each policy decides. Nothing looks ahead: standing, contacts and counts are those of the moment.
A scan is the opposite: it looks back with hindsight.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from missent.archive.replay.slips import Sent, Watch, is_report
from missent.archive.replay.spool import Within, in_order
from missent.archive.scan.aftermath import topic
from missent.content.opened import Opened
from missent.judging import Judging, traits_of_message
from missent.message.model import Message
from missent.message.reading import read
from missent.nouns.action import Action
from missent.nouns.envelope import Client, Envelope, Recipient
from missent.nouns.sighting import Sighting
from missent.nouns.verdict import Ruling, Verdict
from missent.policy.deciding import decide
from missent.policy.model import Policy
from missent.reading.texts import open_texts
from missent.recipients.in_memory.history import MemoryHistory
from missent.recipients.model.traits import Hashing
from missent.recipients.names import Names
from missent.recipients.register import Register
from missent.recipients.remembering import second_day
from missent.recipients.sightings import sighting_of
from missent.recipients.standing import Kind

if TYPE_CHECKING:
    from missent.content.detectors.own_pattern import OwnPatterns
    from missent.recipients.in_memory.weighing import MemoryWeigher
    from missent.recipients.model.model import Model


@dataclass(slots=True)
class Outcome:
    """What one policy would have done.

    Attributes:
        prompts: messages whose sender would have been asked something, or told of a warning.
        reviews: messages that would have waited for a reviewer.
        actions: recipients by action; rules: by rule and action.
        caught: slips by kind that would have been held or blocked; by_rule: by the rule that would have.
        held: recipients' copies that would have waited.
    """

    policy: Policy
    prompts: int = 0
    reviews: int = 0
    actions: Counter[str] = field(default_factory=Counter)
    rules: Counter[tuple[str, str]] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    by_rule: Counter[str] = field(default_factory=Counter)
    held: int = 0


@dataclass(slots=True)
class Replayed:
    """All that came of a replay.

    Attributes:
        learned: messages read in order; judged: those an own sender sent within the time asked about.
        person_weeks: pairs of an own sender and a calendar week in which they sent something.
        slips: shown later to have been slips, by kind.
    """

    outcomes: tuple[Outcome, ...]
    learned: int = 0
    judged: int = 0
    person_weeks: int = 0
    senders: int = 0
    slips: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Setting:
    """With what is judged: own domains, register, scheme, own patterns and key as the site has them; a past of its own.

    `model` begins the replay as it would begin at a new site; None asks no recipient model.
    """

    own: frozenset[str]
    register: Register = field(default_factory=Register)
    own_scheme: str = ""
    authserv_id: str = ""
    key: bytes = field(default=b"", repr=False)
    own_patterns: "OwnPatterns | None" = None
    model: "Model | None" = None


def replay(
    path: Path, policies: Sequence[Policy], setting: Setting, within: Within, show: Callable[[int], None] = lambda _: None
) -> Replayed:
    """Replay a spool. The answer counts recipients and messages; it names nobody."""
    run = _Run(policies, setting, within)
    for number, (at, raw) in enumerate(in_order(path), 1):
        run.take(at, raw)
        if not number % 200:
            show(number)
    run.told.person_weeks = len(run.weeks)
    run.told.senders = len({sender for sender, _, _ in run.weeks})
    return run.told


class _Run:
    def __init__(self, policies: Sequence[Policy], setting: Setting, within: Within) -> None:
        self._setting = setting
        self._within = within
        self._names = Names(setting.own, [partner.domain for partner in setting.register.partners])
        self._history = MemoryHistory(setting.own, self._names.registrable)
        self._weigher = _stranger(setting.model) if setting.model else None
        self._hashing = Hashing()
        judging = Judging(
            setting.own,
            self._names,
            self._history,
            policies[0],
            time.perf_counter,
            setting.register,
            setting.own_scheme,
            setting.key,
            self._weigher,
            self._hashing if self._weigher else None,
            setting.own_patterns,
        )
        self._judging = {p.prompts_per_thousand: replace(judging, policy=p) for p in policies}
        self._watch = Watch()
        self.told = Replayed(tuple(Outcome(policy) for policy in policies))
        self.weeks: set[tuple[str, int, int]] = set()

    def take(self, at: datetime, raw: bytes) -> None:
        """One mail, at its moment."""
        message = read(raw)
        sighting = sighting_of(raw, message, self._setting.authserv_id)
        if sighting is None:
            return
        opened = open_texts(raw, message)
        verdict = None
        if self._own(sighting.sender.domain) and not is_report(message):
            verdict = self._send(at, message, opened, sighting)
        else:
            self._slipped(self._watch.receive(raw, message, sighting))
        self._learn(sighting, message, opened, verdict)

    def _learn(self, sighting: Sighting, message: Message, opened: Opened, verdict: Verdict | None) -> None:
        if self._weigher is not None:
            traits = verdict.traits if verdict else traits_of_message(message, opened, self._hashing)
            self._weigher.learn(replace(sighting, traits=traits, score=verdict.score if verdict else None))
        self._history.learn([sighting])
        self.told.learned += 1
        self._establish(sighting)

    def _send(self, at: datetime, message: Message, opened: Opened, sighting: Sighting) -> Verdict | None:
        """Judge, under each budget of prompts that a policy gives; the first of the verdicts, None where none was asked for."""
        since = self._within.since
        if since is not None and at < since:
            return None
        envelope = Envelope(sighting.sender, tuple(Recipient(a) for a in message.rcpts), client=Client(own=True))
        judged = {budget: judging.judge(message, envelope, at, opened) for budget, judging in self._judging.items()}
        verdicts = [judged[outcome.policy.prompts_per_thousand] for outcome in self.told.outcomes]
        self.told.judged += 1
        year, week, _ = at.isocalendar()
        self.weeks.add((sighting.sender.key, year, week))
        rulings = [_rulings(o.policy, envelope, verdict) for o, verdict in zip(self.told.outcomes, verdicts, strict=True)]
        for outcome, each in zip(self.told.outcomes, rulings, strict=True):
            _count(outcome, each, asks=not message.automatic)
        for n, one in enumerate(verdicts[0].recipients):
            rules = tuple(each[n].rule if each[n].action >= Action.HOLD else "" for each in rulings)
            key, body = one.address.key, message.body_sha256
            sent = Sent(at, sighting.sender.key, key, message.message_id, topic(message.subject), body, rules)
            self._slipped(self._watch.send(sent))
        return verdicts[0]

    def _slipped(self, shown: Iterable[Sent]) -> None:
        for sent in shown:
            self.told.slips[sent.slip] += 1
            for outcome, rule in zip(self.told.outcomes, sent.rules, strict=True):
                if rule:
                    outcome.caught[sent.slip] += 1
                    outcome.by_rule[rule] += 1

    def _establish(self, sighting: Sighting) -> None:
        """Domains that this mail has just established are known from now on."""
        domain = sighting.sender.domain
        if self._own(domain) or sighting.automatic:
            return
        for name in {domain, self._names.registrable(domain) or domain}:
            known = self._history.domains.get(name)
            if known and known.answers and second_day(known.answers.values()) is not None:
                self._names.add(name, Kind.ESTABLISHED)

    def _own(self, domain: str) -> bool:
        return any(domain == own or domain.endswith("." + own) for own in self._setting.own)


def _stranger(model: "Model") -> "MemoryWeigher":
    """A recipient model that has met nobody yet."""
    from missent.recipients.in_memory.weighing import MemoryWeigher  # needs NumPy, as the model did

    return MemoryWeigher(model)


def _rulings(policy: Policy, envelope: Envelope, verdict: Verdict) -> list[Ruling]:
    """What a policy says of each recipient; a rule with scope "message" holds all that would otherwise go."""
    outer = verdict.findings
    found = [decide(policy, envelope.sender_key, one.address, one.findings + outer).ruling for one in verdict.recipients]
    binding = next((r for r in found if r.action is Action.HOLD and r.scope == "message"), None)
    return [binding if binding and r.action < Action.HOLD else r for r in found]


def _count(outcome: Outcome, rulings: Sequence[Ruling], *, asks: bool) -> None:
    for ruling in rulings:
        outcome.actions[ruling.action.word] += 1
        outcome.rules[ruling.rule, ruling.action.word] += 1
    held = [ruling for ruling in rulings if ruling.action is Action.HOLD]
    outcome.held += len(held)
    notified = any(ruling.action is Action.WARN and ruling.notify for ruling in rulings)
    outcome.prompts += asks and (notified or any(ruling.decide == "sender" for ruling in held))
    outcome.reviews += any(ruling.decide == "reviewer" for ruling in held)
