"""What judges before a site has trained: the packaged model, or, for people it was made from, one that never saw their mail.

The packaged model says which mailboxes it learned from, as digests of their names. If one of them is in the folder, everybody
there is judged by trees of the others in it: people are cut into groups, each is a site of its own until trees are learned,
and what scores it, and its bars to begin with, come of the other groups.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b

from missent.recipients.model.budget import Past
from missent.recipients.model.model import Model
from missent.recipients.model.schooling import FOLDS, Lesson, score_all, teach
from missent.recipients.model.trees import Trees
from missent.store.recipient_model import prior

THINNED = 10
LEAST = 1000
"""A past from elsewhere stands for a tenth of its mails, but so many at least: a site's own scores soon outweigh it."""

Start = tuple[list[float], Mapping[str, Model], Trees | None]
"""The score of each lesson, by user the model with the bars, and the trees that score beside those a site learns."""


def digest(user: str) -> str:
    """What the packaged model says of a mailbox it learned from."""
    return blake2b(user.encode(), digest_size=4).hexdigest()


def thinned(past: Past) -> Past:
    """A past that gives way sooner."""
    every = min(THINNED, max(1, past.mails // LEAST))
    return Past(past.mails // every, past.top[::every])


def start(names: tuple[str, ...], lessons: Sequence[Lesson], people: Sequence[str]) -> Start:
    """What a site begins with; `people`: who sent each lesson."""
    users, packaged = sorted(set(people)), prior()
    if {digest(user) for user in users}.isdisjoint(packaged.trained["boxes"]):
        ordered = [_columns(one, [names.index(name) for name in packaged.trees.names]) for one in lessons]
        return list(score_all(packaged.trees, ordered)), dict.fromkeys(users, packaged), packaged.trees
    return _crossed(names, lessons, people, {user: n % FOLDS for n, user in enumerate(users)})


def _crossed(names: tuple[str, ...], lessons: Sequence[Lesson], people: Sequence[str], group: Mapping[str, int]) -> Start:
    scores = [0.0] * len(lessons)
    trees = [
        teach(names, [x for x, user in zip(lessons, people, strict=True) if group[user] != one], seed=one)
        for one in range(FOLDS)
    ]
    for one in range(FOLDS):
        here = [at for at, user in enumerate(people) if group[user] == one]
        for at, score in zip(here, score_all(trees[one], [lessons[at] for at in here]), strict=True):
            scores[at] = score
    right = [(group[user], score) for user, score, x in zip(people, scores, lessons, strict=True) if not x.kind]
    pasts = [thinned(Past.of([score for place, score in right if place != one])) for one in range(FOLDS)]
    models = [Model(*pair) for pair in zip(trees, pasts, strict=True)]
    return scores, {user: models[place] for user, place in group.items()}, None


def _columns(one: Lesson, order: list[int]) -> Lesson:
    return one._replace(example=one.example._replace(table=one.example.table[:, order]))
