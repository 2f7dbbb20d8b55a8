from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st
from missent.recipients.model.budget import Shares, bar

SCORES = st.lists(st.floats(-10, 10), max_size=400)


@given(SCORES, st.sampled_from((1.0, 5.0, 50.0)))
def test_the_past_never_exceeds_the_budget(past: list[float], budget: float) -> None:
    assert sum(score > bar(past, budget) for score in past) * 1000 <= budget * len(past)


@pytest.mark.parametrize(("mails", "budget", "expected"), [(999, 1, inf), (1000, 1, 998.0), (1000, 5, 994.0), (0, 5, inf)])
def test_the_bar_is_as_low_as_the_budget_allows(mails: int, budget: float, expected: float) -> None:
    assert bar([float(n) for n in range(mails)], budget) == expected


@given(st.lists(st.tuples(st.floats(-5, 5), st.booleans(), st.floats(0.1, 3)), min_size=1, max_size=60))
def test_shares_never_fall_and_keep_the_mean(examples: list[tuple[float, bool, float]]) -> None:
    scores, wrong, weights = zip(*examples, strict=True)
    shares = Shares(scores, wrong, weights)
    answers = [shares(score) for score in sorted(scores)]
    assert answers == sorted(answers)
    assert all(0 <= answer <= 1 for answer in answers)


def test_a_clear_cut_is_found() -> None:
    shares = Shares([1, 2, 3, 4], [False, False, True, True], [3, 1, 1, 1])
    assert [shares(s) for s in (0, 1.5, 2.5, 3, 9)] == [0, 0, 0, 1, 1]
