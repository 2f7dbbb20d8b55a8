"""The decision, online: every mail of all boxes in order, each judged by what was known before it.

Of each sent mail the right form is scored and, by chance, each kind of slip; then they become lessons. As in use, a packaged
model serves; at the points given, trees are learned from the lessons so far, and the bars with them. The right mails that
follow join the past that sets the bars. A person's first 30 days are not counted. Slips stand beside the right recipients or
take a place of theirs, as often.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from bench.recipients_corpus import Box, stream
from bench.recipients_lookalikes import Lookalikes
from bench.recipients_start import start
from missent.recipients.model.letter import Mail
from missent.recipients.model.memory import Memory
from missent.recipients.model.model import Model
from missent.recipients.model.schooling import Lesson, School, graduate, score_all

BUDGETS = (1, 2, 5)
DAY = 86_400.0
UNCOUNTED = 30
"""Days."""


class Seen(NamedTuple):
    """One lesson of the stream.

    Attributes:
        user: who sent it; days: since that person's first mail.
        said: whether `lookalike-domain` speaks of the wrong addresses, of a right mail of any.
    """

    lesson: Lesson
    user: str
    days: float
    said: bool


@dataclass(frozen=True, slots=True)
class Shot:
    """One scored mail.

    Attributes:
        user: who sent it; kind: of the slip, "" for a right mail; instead: whether the slip took a place.
        score: the model's, the highest of the wrong addresses, of a right mail of all.
        said: whether `lookalike-domain` speaks of them, whatever the model says.
        bars: in force then, by budget, for this sender.
        mails: how many mails the sender had sent before; days: since the first of them.
    """

    user: str
    kind: str
    instead: bool
    score: float
    said: bool
    bars: tuple[float, ...]
    mails: int
    days: float


def online(found: list[Box], seed: int = 1, mistyped: frozenset[str] = frozenset(), sent: Sequence[int] = ()) -> list[Shot]:
    """Run over all boxes; deterministic under the seed. `sent`: after how many sent mails trees are learned."""
    names, seen = looked(found, seed, mistyped)
    return judged(names, seen, sent)


def looked(found: list[Box], seed: int, mistyped: frozenset[str]) -> tuple[tuple[str, ...], list[Seen]]:
    """The columns of features, and every lesson, as seen with what was known before it."""
    users = {b.main: b.user for b in found}
    school = School(Memory(bits=24), random.Random(seed), users.__contains__)
    since: dict[str, float] = {}
    names = Lookalikes(frozenset(main.rpartition("@")[2] for main in users))
    seen = []
    for lesson in school.lessons(_told(list(right(stream(found), mistyped)), names)):
        days = (lesson.at - since.setdefault(lesson.sender, lesson.at)) / DAY
        seen.append(Seen(lesson, users[lesson.sender], days, _speaks(names.found(lesson.mail), lesson)))
    return school.names, seen


def judged(names: tuple[str, ...], seen: list[Seen], sent: Sequence[int] = ()) -> list[Shot]:
    """The shots of those that count."""
    lessons = [one.lesson for one in seen]
    scores, models, beside = start(names, lessons, [one.user for one in seen])
    shots, many = [], 0
    for at, one in enumerate(seen):
        shot = _shot(one, scores[at], models[one.user])
        if one.days >= UNCOUNTED:
            shots.append(shot)
        if not one.lesson.kind:
            many += 1
            models = _met(models, one.user, shot.score)
            if many in sent:
                model = graduate(names, lessons[: at + 1], beside=beside)
                models = dict.fromkeys(models, model)
                scores[at + 1 :] = score_all(model.trees, lessons[at + 1 :])
    return shots


def _met(models: Mapping[str, Model], user: str, score: float) -> dict[str, Model]:
    """The model of a user, and of all who share it, with one right mail more."""
    old = models[user]
    new = old.met([(user, score)])
    return {who: new if model is old else model for who, model in models.items()}


def _shot(one: Seen, score: float, model: Model) -> Shot:
    bars = tuple(model.bar(one.user, budget) for budget in BUDGETS)
    return Shot(one.user, one.lesson.kind, one.lesson.instead, score, one.said, bars, one.lesson.before, one.days)


def _speaks(alike: frozenset[str], lesson: Lesson) -> bool:
    judged = zip(lesson.mail.rcpts, lesson.example.wrong, strict=True)
    return any(a in alike for a, wrong in judged if wrong or not lesson.kind)


def _told(mails: Iterable[Mail], names: Lookalikes) -> Iterator[Mail]:
    """Mails one by one; each is told to the names when the next is asked for."""
    for mail in mails:
        yield mail
        names.learn(mail)


def right(mails: Iterable[Mail], mistyped: frozenset[str]) -> Iterable[Mail]:
    """Mail without what really went to a mistyped domain."""
    return (m for m in mails if not any(a.rpartition("@")[2] in mistyped for a in m.rcpts))


def by_model_alone(shots: Iterable[Shot]) -> list[Shot]:
    """The same without `lookalike-domain`."""
    return [replace(shot, said=False) for shot in shots]


def recalls(shots: Iterable[Shot], budget: int) -> dict[str, list[bool]]:
    """Per kind whether each slip was found at a budget; "" for prompts on right mails."""
    found: dict[str, list[bool]] = defaultdict(list)
    at = BUDGETS.index(budget)
    for shot in shots:
        found[shot.kind].append(shot.said or shot.score > shot.bars[at])
    return found
