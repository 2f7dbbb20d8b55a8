"""The decision, online: every mail of all boxes in order, each judged by what was known before it.

Of each sent mail the right form is scored and, by chance, each kind of slip; then they become examples. At some points the
trees are learned again from the examples so far; two thirds of the right mails teach, the last third, scored anew, sets the
bars, and the mails that follow join them. A person's first 30 days are not counted. Slips stand beside the right recipients
or take a place of theirs, as often.
"""

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf

from bench.recipients_corpus import Box, stream
from missent.recipients.model.budget import bar
from missent.recipients.model.features import Look
from missent.recipients.model.mail import Mail
from missent.recipients.model.memory import Memory
from missent.recipients.model.slips import KINDS, slip
from missent.recipients.model.training import Example, columns, table, train
from missent.recipients.model.trees import Trees

BUDGETS = (1, 2, 5)
SCHOOL = (500, 1000, 2000, 4000, 7000, 11_000, 15_000)
"""Sent mails after which the trees are learned."""
RIGHT = 6.0
"""Weight of right mails: at two false prompts in a thousand it is they that decide."""
UNTAUGHT = frozenset({"former-member", "reply-all"})
"""Kinds that look like right mail, so that to teach them is to teach noise; measured all the same."""
ROUNDS = 500
SHARE = 0.25
"""How often a mail gets a slip of each kind."""
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

    rng: random.Random
    shots: list[Shot] = field(default_factory=list)
    right: list[Example] = field(default_factory=list)
    wrong: list[tuple[Example, str]] = field(default_factory=list)
    past: list[float] = field(default_factory=list)
    bars: tuple[float, ...] = (inf,) * len(BUDGETS)
    trees: Trees | None = None
    names: tuple[str, ...] = ()

    def learn(self) -> None:
        """New trees and bars from what was seen so far."""
        taught = [Example(e.table, e.wrong, RIGHT) for i, e in enumerate(self.right) if i % 3]
        taught += [e for e, kind in self.wrong if kind not in UNTAUGHT]
        self.trees = train(self.names, taught, rounds=ROUNDS)
        self.past = [float(self.trees.score_matrix(e.table).max()) for e in self.right[::3]]

    def take(self, user: str, example: Example, kind: str, mails: int, *, instead: bool, counted: bool) -> float:
        """Score an example if there are trees yet."""
        if self.trees is None:
            if counted:
                self.shots.append(Shot(user, kind, instead, -inf, self.bars, mails))
            return -inf
        scores = self.trees.score_matrix(example.table)
        score = float(max(s for s, wrong in zip(scores, example.wrong, strict=True) if wrong or not kind))
        if counted:
            self.shots.append(Shot(user, kind, instead, score, self.bars, mails))
        return score


def online(found: list[Box], seed: int = 1, mistyped: frozenset[str] = frozenset()) -> Run:
    """Run over all boxes; deterministic under the seed."""
    run, memory = Run(random.Random(seed)), Memory(bits=24)
    users = {b.main: b.user for b in found}
    since: dict[str, float] = {}
    sent: dict[str, int] = defaultdict(int)
    for mail in stream(found):
        really_wrong = any(a.rpartition("@")[2] in mistyped for a in mail.rcpts)
        if (user := users.get(mail.sender)) and not really_wrong:
            since.setdefault(user, mail.at)
            counted = mail.at - since[user] >= DAYS_30
            _judge(run, memory, mail, (user, sent[user]), counted=counted)
            sent[user] += 1
        memory.learn(mail)
    return run


def _judge(run: Run, memory: Memory, mail: Mail, who: tuple[str, int], *, counted: bool) -> None:
    rows = Look(memory, mail).rows()
    run.names = columns(rows[0])
    right = Example(table(rows), (False,) * len(rows))
    score = run.take(who[0], right, "", who[1], instead=False, counted=counted)
    for kind in KINDS:
        if run.rng.random() < SHARE:
            instead = run.rng.random() < 0.5
            made = slip(memory, mail, kind, run.rng.randrange, instead=instead)
            if made:
                wrong = tuple(a in made[1] for a in made[0].rcpts)
                example = Example(table(Look(memory, made[0]).rows()), wrong)
                run.take(who[0], example, kind, who[1], instead=instead, counted=counted)
                run.wrong.append((example, kind))
    run.right.append(right)
    if run.trees is not None:
        run.past.append(score)
    if len(run.right) in SCHOOL:
        run.learn()
    if (run.trees is not None and len(run.right) % 50 == 0) or len(run.right) in SCHOOL:
        run.bars = tuple(bar(run.past, budget) for budget in BUDGETS)


def recalls(shots: Iterable[Shot], budget: int) -> dict[str, list[bool]]:
    """Per kind whether each slip was found at a budget; "" for prompts on right mails."""
    found: dict[str, list[bool]] = defaultdict(list)
    at = BUDGETS.index(budget)
    for shot in shots:
        found[shot.kind].append(shot.score > shot.bars[at])
    return found
