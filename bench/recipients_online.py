"""The decision, online: every mail of all boxes in order, each judged by what was known before it.

Of each sent mail the right form is scored and, by chance, each kind of slip; then they become lessons. At some points the
trees are learned again from the lessons so far, and the bars with them; the right mails that follow join the past that
sets the bars. A person's first 30 days are not counted. Slips stand beside the right recipients or take a place of
theirs, as often.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import inf

from bench.recipients_corpus import Box, stream
from bench.recipients_lookalikes import Lookalikes
from missent.recipients.model.letter import Mail
from missent.recipients.model.memory import Memory
from missent.recipients.model.model import Model
from missent.recipients.model.schooling import Lesson, School, graduate, score

BUDGETS = (1, 2, 5)
SENT = (1000, 2000, 4000, 8000, 13_000)
"""Sent mails after which the trees are learned."""
DAYS_30 = 30 * 86_400.0


@dataclass(frozen=True, slots=True)
class Shot:
    """One scored mail.

    Attributes:
        user: who sent it; kind: of the slip, "" for a right mail; instead: whether the slip took a place.
        score: the highest of the wrong addresses, of a right mail of all.
        bars: in force then, by budget.
        mails: how many mails the sender had sent before.
    """

    user: str
    kind: str
    instead: bool
    score: float
    bars: tuple[float, ...]
    mails: int


@dataclass(slots=True)
class Run:
    """The state of one pass."""

    shots: list[Shot] = field(default_factory=list)
    lessons: list[Lesson] = field(default_factory=list)
    stopped: set[int] = field(default_factory=set)
    model: Model | None = None
    right: int = 0

    def take(self, user: str, lesson: Lesson, alike: frozenset[str], names: tuple[str, ...], *, counted: bool) -> None:
        """Score a lesson, learn from it, and from all so far when it is time. `alike`: who resembles a trusted name."""
        bars = tuple(self.model.bar(lesson.sender, b) for b in BUDGETS) if self.model else (inf,) * len(BUDGETS)
        found = score(self.model.trees, lesson) if self.model else -inf
        if alike & {a for a, wrong in zip(lesson.mail.rcpts, lesson.example.wrong, strict=True) if wrong or not lesson.kind}:
            found = inf
            self.stopped.add(id(lesson))
        if counted:
            self.shots.append(Shot(user, lesson.kind, lesson.instead, found, bars, lesson.before))
        self.lessons.append(lesson)
        if not lesson.kind:
            self.right += 1
            if self.model:
                self.model = self.model.met([(lesson.sender, found)])
            if self.right in SENT:
                self.model = graduate(names, self.lessons, stopped=lambda one: id(one) in self.stopped)


def online(found: list[Box], seed: int = 1, mistyped: frozenset[str] = frozenset()) -> Run:
    """Run over all boxes; deterministic under the seed."""
    run, users = Run(), {b.main: b.user for b in found}
    school = School(Memory(bits=24), random.Random(seed), users.__contains__)
    since: dict[str, float] = {}
    names = Lookalikes(frozenset(main.rpartition("@")[2] for main in users))
    mails = list(right(stream(found), mistyped))
    for lesson in school.lessons(_told(mails, names)):
        since.setdefault(lesson.sender, lesson.at)
        counted = lesson.at - since[lesson.sender] >= DAYS_30
        run.take(users[lesson.sender], lesson, names.found(lesson.mail), school.names, counted=counted)
    return run


def _told(mails: Iterable[Mail], names: Lookalikes) -> Iterator[Mail]:
    """Mails one by one; each is told to the names when the next is asked for."""
    for mail in mails:
        yield mail
        names.learn(mail)


def right(mails: Iterable[Mail], mistyped: frozenset[str]) -> Iterable[Mail]:
    """Mail without what really went to a mistyped domain."""
    return (m for m in mails if not any(a.rpartition("@")[2] in mistyped for a in m.rcpts))


def recalls(shots: Iterable[Shot], budget: int) -> dict[str, list[bool]]:
    """Per kind whether each slip was found at a budget; "" for prompts on right mails."""
    found: dict[str, list[bool]] = defaultdict(list)
    at = BUDGETS.index(budget)
    for shot in shots:
        found[shot.kind].append(shot.score > shot.bars[at])
    return found
