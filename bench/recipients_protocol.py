"""The published protocol (Carvalho and Cohen, SDM 2007): rank the recipients of a test mail, one of whom is a leak.

Per user the oldest 90 % of sent mail teach, the newest 10 % are tested, ten times with new leaks each. All methods see the
same leaks. Examples to learn from are made the same way inside the training part: what is known up to one tenth of it meets
the mails of the next.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bench.recipients_corpus import Box, Letter
from missent.recipients.model.features import Look
from missent.recipients.model.letter import Mail
from missent.recipients.model.memory import Memory
from missent.recipients.model.slips import three_letters
from missent.recipients.model.training import Example, columns, table, train
from missent.recipients.model.trees import Floats, Trees

TRIALS = 10
ALPHAS = (0.0, 0.1, 0.2)
"""Shares of leaks to addresses never seen before."""
FOLDS = range(2, 10)
PER_MAIL = 2
MOST_TAUGHT = 600


@dataclass(frozen=True, slots=True)
class Case:
    """A mail with a leak as its last recipient.

    Attributes:
        mail: with the leak; number: of the mail in the sent mail; trial: which of the ten.
        unseen: whether the leak is an address never seen before; coin: 0-1, the case counts for alpha > coin if unseen,
            else for alpha <= coin.
    """

    mail: Letter
    number: int
    trial: int
    unseen: bool
    coin: float

    def counts(self, alpha: float) -> bool:
        """Whether this is the case of its mail and trial when a share alpha of leaks is unseen."""
        return self.unseen == (self.coin < alpha)


@dataclass(slots=True)
class Split:
    """One user's mail as the protocol cuts it."""

    user: str
    train: list[Letter]
    test: list[Letter]
    received: list[Letter]
    cases: list[Case]
    book: list[str]


@dataclass(slots=True)
class Prepared:
    """Features of one user's examples and cases, and the name of each column."""

    split: Split
    names: tuple[str, ...]
    taught: list[Floats]
    unseen: list[Floats]
    tested: list[Floats]


def address_book(sent: Sequence[Mail], received: Sequence[Mail]) -> list[str]:
    """Recipients of sent and senders of received mail, each once, in order."""
    return list(dict.fromkeys([*(a for m in sent for a in m.rcpts), *(m.sender for m in received)]))


def with_leak(mail: Letter, leak: str) -> Letter:
    """A mail with one recipient more."""
    return replace(mail, rcpts=(*mail.rcpts, leak))


def split(box: Box, strangers: Sequence[str], seed: int) -> Split:
    """Cut one user's mail and simulate the leaks. `strangers`: addresses to draw unseen leaks from."""
    cut = int(len(box.sent) * 0.9)
    taught, tested = box.sent[:cut], box.sent[cut:]
    received = [m for m in box.received if m.at <= taught[-1].at]
    book = address_book(taught, received)
    rng = random.Random(f"{seed} {box.user}")
    known = set(book)
    unknown = [a for a in strangers if a not in known and a not in box.owners]
    cases = []
    for number, mail in enumerate(tested):
        for trial in range(TRIALS):
            coin, right = rng.random(), rng.choice(mail.rcpts)
            if leak := three_letters(book, mail, right, rng.randrange):
                cases.append(Case(with_leak(mail, leak), number, trial, unseen=False, coin=coin))
            if coin < max(ALPHAS) and (stranger := rng.choice(unknown)) not in mail.rcpts:
                cases.append(Case(with_leak(mail, stranger), number, trial, unseen=True, coin=coin))
    return Split(box.user, taught, tested, received, cases, book)


def prepare(cut: Split, strangers: Sequence[str], seed: int) -> Prepared:
    """Look at the examples of the training part and at the cases with what is known at its end."""
    rng, memory = random.Random(f"{seed} {cut.user} taught"), Memory(bits=21)
    count, begin, since = len(cut.train), 0, 0.0
    taught: list[Floats] = []
    unseen: list[Floats] = []
    every = max(1, count * 8 // 10 // MOST_TAUGHT)
    for fold in (*FOLDS, 10):
        end = count * fold // 10
        if end > begin:
            until = cut.train[end - 1].at
            told = [*cut.train[begin:end], *(m for m in cut.received if since < m.at <= until)]
            for mail in sorted(told, key=lambda m: m.at):
                memory.learn(mail)
            begin, since = end, until
        book = address_book(cut.train[:end], [m for m in cut.received if m.at <= since])
        for mail in cut.train[end : count * (fold + 1) // 10 : every]:
            leaks = [three_letters(book, mail, rng.choice(mail.rcpts), rng.randrange) for _ in range(PER_MAIL)]
            taught += [looked(memory, with_leak(mail, leak)) for leak in leaks if leak]
            unseen.append(looked(memory, with_leak(mail, rng.choice(strangers))))
    names = columns(Look(memory, cut.test[0]).rows()[0])
    return Prepared(cut, names, taught, unseen, [looked(memory, case.mail) for case in cut.cases])


def looked(memory: Memory, mail: Mail) -> Floats:
    """Features of every recipient of a mail."""
    return table(Look(memory, mail).rows())


def learn(prepared: Sequence[Prepared], alpha: float, without: Sequence[str] = ()) -> Trees:
    """One model for all users, from the training parts of all; `without` the columns of these names."""
    examples = []
    names = prepared[0].names
    blank = [i for i, name in enumerate(names) if name in without]
    for user in prepared:
        for tables, weight in ((user.taught, (1 - alpha) / PER_MAIL), (user.unseen, alpha)):
            if weight:
                examples += [Example(_blanked(one, blank), (*(False,) * (len(one) - 1), True), weight) for one in tables]
    return train(names, examples)


def precision(cut: Split, scores: Callable[[int], Floats], alpha: float) -> dict[int, list[float]]:
    """By test mail, for each trial whether the leak (the last) was ranked first; ties count in part.

    `scores(i)`: how suspicious each recipient of case i is.
    """
    found: dict[int, list[float]] = {}
    for i, case in enumerate(cut.cases):
        if case.counts(alpha):
            suspicion = scores(i)
            best = suspicion == suspicion.max()
            found.setdefault(case.number, []).append(float(best[-1]) / float(best.sum()))
    return found


def ours(user: Prepared, trees: Trees, alpha: float, without: Sequence[str] = ()) -> dict[int, list[float]]:
    """Prec@1 of our model by test mail."""
    blank = [i for i, name in enumerate(user.names) if name in without]
    every = trees.score_matrix(np.concatenate([_blanked(t, blank) for t in user.tested]))
    starts = np.cumsum([0, *(len(t) for t in user.tested)])
    return precision(user.split, lambda i: every[starts[i] : starts[i + 1]], alpha)


def _blanked(one: Floats, blank: list[int]) -> Floats:
    if not blank:
        return one
    copy = one.copy()
    copy[:, blank] = 0.0
    return copy
