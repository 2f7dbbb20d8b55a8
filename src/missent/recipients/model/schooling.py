"""A site's own past as a school: each mail as it was, and with slips in it, seen with what was known before it.

The lessons make the trees. The bars are set by right mails that the trees which score them did not learn from: lessons are
cut into folds, each fold is scored by trees of the others, and the trees that stay learn from all. A site is cut by time, so
that those trees know its senders as the trees that stay do: cut by sender they doubt more, the bars come out too high, and
less is asked than may be. What is learned for other sites is cut by sender, for nobody is known there.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from missent.recipients.model.budget import Past
from missent.recipients.model.features import Look
from missent.recipients.model.letter import Mail
from missent.recipients.model.memory import Memory
from missent.recipients.model.model import Model
from missent.recipients.model.slips import KINDS, slip
from missent.recipients.model.training import Example, columns, table, train
from missent.recipients.model.trees import Floats, Trees

SHARE = 0.25
"""How often a mail gets a slip of each kind."""
RIGHT = 6.0
"""Weight of right mails: at two false prompts in a thousand it is they that decide."""
UNTAUGHT = frozenset({"former-member", "reply-all"})
"""Kinds that look like right mail, so that to teach them is to teach noise; measured all the same."""
ROUNDS = 200
"""Trees."""
FOLDS = 3
AT_ONCE = 500
LEAST = 1000
"""Mails sent from here below which the packaged model knows more, and no bar for 1 in 1,000 can be set."""
BASE = 1 / 500
"""Share of mails that hold a slip, for confidences: 5 of 2,315 in the field (thesis CMU-LTI-08, ch. 5)."""


class Chance(Protocol):
    """Where chance comes from: `random.Random`."""

    def random(self) -> float:
        """From 0 to 1."""
        ...

    def randrange(self, stop: int, /) -> int:
        """From 0 to `stop` - 1."""
        ...


class Lesson(NamedTuple):
    """One mail looked at.

    Attributes:
        sender: who sent it; before: how many mails that sender had sent before; at: seconds since 1970.
        kind: of the slip in it, "" for a right mail; instead: whether it took the right one's place.
        example: the features, and which recipients are wrong.
        mail: what was looked at.
    """

    sender: str
    before: int
    at: float
    kind: str
    instead: bool
    example: Example
    mail: Mail


class School:
    """Makes lessons of mails as they come. `names` are the columns of their tables.

    Args:
        memory: learns each mail after it was looked at.
        chance: which slips are made.
        ours: whether an address sends mail from here: only such mail is judged.
        share: how often a mail gets a slip of each kind.
    """

    def __init__(self, memory: Memory, chance: Chance, ours: Callable[[str], bool], share: float = SHARE) -> None:
        self.memory = memory
        self.names: tuple[str, ...] = ()
        self._chance = chance
        self._ours = ours
        self._share = share
        self._sent: dict[str, int] = {}

    def lessons(self, mails: Iterable[Mail]) -> Iterator[Lesson]:
        """Lessons of each mail in the order of time: the right form first, then slips."""
        for mail in mails:
            if self._ours(mail.sender):
                before = self._sent.get(mail.sender, 0)
                yield from self._lessons(mail, before)
                self._sent[mail.sender] = before + 1
            self.memory.learn(mail)

    def _lessons(self, mail: Mail, before: int) -> Iterator[Lesson]:
        rows = Look(self.memory, mail).rows()
        self.names = self.names or columns(rows[0])
        right = Example(table(rows), (False,) * len(rows))
        yield Lesson(mail.sender, before, mail.at, "", instead=False, example=right, mail=mail)
        for kind in KINDS:
            if self._chance.random() < self._share:
                instead = self._chance.random() < 0.5
                made = slip(self.memory, mail, kind, self._chance.randrange, instead=instead)
                if made:
                    wrong = tuple(a in made[1] for a in made[0].rcpts)
                    example = Example(table(Look(self.memory, made[0]).rows()), wrong)
                    yield Lesson(mail.sender, before, mail.at, kind, instead=instead, example=example, mail=made[0])


def teach(names: tuple[str, ...], lessons: Sequence[Lesson], seed: int, beside: Trees | None = None) -> Trees:
    """Trees learned from lessons; the mean of these and of trees learned elsewhere, if there are any."""
    taught = [x.example if x.kind else x.example._replace(weight=RIGHT) for x in lessons if x.kind not in UNTAUGHT]
    trees = train(names, taught, seed, ROUNDS)
    return trees.mean_with(beside) if beside else trees


def by_time(lessons: Sequence[Lesson]) -> list[int]:
    """The fold of each lesson, for the site they come from: what followed on another stays together."""
    return [n * FOLDS // len(lessons) for n in range(len(lessons))]


def by_sender(lessons: Sequence[Lesson]) -> list[int]:
    """The fold of each lesson, for another site: all of a sender in one."""
    places = {sender: n % FOLDS for n, sender in enumerate(sorted({x.sender for x in lessons}))}
    return [places[x.sender] for x in lessons]


def graduate(
    names: tuple[str, ...],
    lessons: Sequence[Lesson],
    seed: int = 0,
    folds: Callable[[Sequence[Lesson]], list[int]] = by_time,
    beside: Trees | None = None,
) -> Model:
    """The model of these lessons, in the order of time: trees of all, bars and confidences of scores out of their fold.

    `beside`: trees learned elsewhere, which score with the own ones. Raises ValueError if there are too few lessons.
    """
    right = sum(not lesson.kind for lesson in lessons)
    if right < LEAST:
        raise ValueError(f"{right} mails sent from here are too few to learn from, expected {LEAST}")
    scores = out_of_fold(names, lessons, seed, folds(lessons), beside)
    past = Past.of([one for one, x in zip(scores, lessons, strict=True) if not x.kind])
    trained = {"mails": right, "slips": len(lessons) - right, "seed": seed, "rounds": ROUNDS}
    return Model(teach(names, lessons, seed, beside), past, confidences(scores, lessons), trained)


def out_of_fold(
    names: tuple[str, ...], lessons: Sequence[Lesson], seed: int, fold: Sequence[int], beside: Trees | None = None
) -> list[float]:
    """Each lesson's score by trees that did not learn from its fold: of a slip that of the wrong ones."""
    scores = [0.0] * len(lessons)
    for one in range(FOLDS):
        trees = teach(names, [x for x, f in zip(lessons, fold, strict=True) if f != one], seed, beside)
        here = [at for at, f in enumerate(fold) if f == one]
        for at, found in zip(here, score_all(trees, [lessons[at] for at in here]), strict=True):
            scores[at] = found
    return scores


def score_all(trees: Trees, lessons: Sequence[Lesson]) -> Iterator[float]:
    """`score` of each, many at once."""
    for start in range(0, len(lessons), AT_ONCE):
        some = lessons[start : start + AT_ONCE]
        lines = trees.score_matrix(np.concatenate([x.example.table for x in some]))
        for lesson, found in zip(some, np.split(lines, np.cumsum([len(x.example.wrong) for x in some])[:-1]), strict=True):
            yield _highest(lesson, found)


def score(trees: Trees, lesson: Lesson) -> float:
    """The highest score: of a slip that of the wrong ones, of a right mail that of all."""
    return _highest(lesson, trees.score_matrix(lesson.example.table))


def _highest(lesson: Lesson, scores: Floats) -> float:
    return float(scores[np.array(lesson.example.wrong)].max() if lesson.kind else scores.max())


def confidences(scores: Sequence[float], lessons: Sequence[Lesson]) -> tuple[tuple[float, float], ...]:
    """How likely a slip is from which score on, isotonic (Zadrozny and Elkan 2002), with `BASE` slips a mail."""
    from sklearn.isotonic import IsotonicRegression

    taught = [(s, bool(x.kind)) for s, x in zip(scores, lessons, strict=True) if x.kind not in UNTAUGHT]
    slips = sum(wrong for _, wrong in taught)
    weights = [BASE / max(slips, 1) if wrong else (1 - BASE) / (len(taught) - slips) for _, wrong in taught]
    fitted = IsotonicRegression(out_of_bounds="clip").fit([s for s, _ in taught], [w for _, w in taught], weights)
    steps: list[tuple[float, float]] = []
    for at, share in zip(fitted.X_thresholds_, fitted.y_thresholds_, strict=True):
        if not steps or share - steps[-1][1] > 0.005:
            steps.append((round(float(at), 3), round(float(share), 3)))
    return tuple(steps)
