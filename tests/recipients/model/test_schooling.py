from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.recipients.model.letter import Mail
from missent.recipients.model.schooling import FOLDS, Lesson, by_sender, by_time, out_of_fold, score_all, teach
from missent.recipients.model.training import Example

SENDERS = st.lists(st.sampled_from("abcdefgh"), min_size=FOLDS, max_size=60)


def lesson(at: int, sender: str, kind: str = "", wrong: tuple[bool, ...] = (False,)) -> Lesson:
    example = Example(np.zeros((len(wrong), 1)), wrong)
    return Lesson(sender, at, float(at), kind, instead=False, example=example, mail=Mail(sender, ("x@example.org",), at))


@given(SENDERS)
def test_by_time_a_fold_is_a_stretch_and_stretches_are_alike(senders: list[str]) -> None:
    folds = by_time([lesson(at, sender) for at, sender in enumerate(senders)])
    assert set(folds) == set(range(FOLDS))
    assert all(0 <= later - sooner <= 1 for sooner, later in pairwise(folds))
    sizes = [folds.count(one) for one in range(FOLDS)]
    assert max(sizes) - min(sizes) <= 1


@given(SENDERS)
def test_by_sender_nobody_stands_in_two_folds(senders: list[str]) -> None:
    folds = by_sender([lesson(at, sender) for at, sender in enumerate(senders)])
    assert len(set(zip(senders, folds, strict=True))) == len(set(senders))
    assert set(folds) <= set(range(FOLDS))


@pytest.mark.parametrize("turned", range(FOLDS))
def test_a_fold_is_scored_by_trees_of_the_others(turned: int) -> None:
    """In one fold the slips bear the mark of right mail. Its number is told, so trees that learned from it would know."""
    plain = [lesson(at, "a", "3g", (at % 2 > 0, at % 2 == 0)) for at in range(FOLDS * 100)]
    fold = by_time(plain)
    lessons = [_marked(one, found, found == turned) for one, found in zip(plain, fold, strict=True)]
    scores = out_of_fold(("mark", "fold"), lessons, 0, fold)
    assert max(s for s, f in zip(scores, fold, strict=True) if f == turned) < 0
    seen = score_all(teach(("mark", "fold"), lessons, 0), lessons)
    assert min(s for s, f in zip(seen, fold, strict=True) if f == turned) > 0


def _marked(one: Lesson, fold: int, turned: bool) -> Lesson:
    wrong = one.example.wrong
    return one._replace(example=one.example._replace(table=np.array([[float(w != turned), float(fold)] for w in wrong])))
