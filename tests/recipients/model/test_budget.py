from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.recipients.model.budget import bar

SCORES = st.lists(st.floats(-10, 10), max_size=400)


@given(SCORES, st.sampled_from((1.0, 5.0, 50.0)))
def test_the_past_never_exceeds_the_budget(past: list[float], budget: float) -> None:
    assert sum(score > bar(past, budget) for score in past) * 1000 <= budget * len(past)


@pytest.mark.parametrize(("mails", "budget", "expected"), [(999, 1, inf), (1000, 1, 998.0), (1000, 5, 994.0), (0, 5, inf)])
def test_the_bar_is_as_low_as_the_budget_allows(mails: int, budget: float, expected: float) -> None:
    assert bar([float(n) for n in range(mails)], budget) == expected
