from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.recipients.model.budget import NO_PAST, SHRUNK, Past, bar

SCORES = st.lists(st.floats(-10, 10), max_size=400)


@given(SCORES, st.sampled_from((1.0, 5.0, 50.0)))
def test_the_past_never_exceeds_the_budget(past: list[float], budget: float) -> None:
    assert sum(score > bar(past, budget) for score in past) * 1000 <= budget * len(past)


@pytest.mark.parametrize(("mails", "budget", "expected"), [(998, 1, inf), (999, 1, 998.0), (1000, 5, 995.0), (0, 5, inf)])
def test_the_bar_is_as_low_as_the_budget_allows(mails: int, budget: float, expected: float) -> None:
    assert bar([float(n) for n in range(mails)], budget) == expected


SITE = Past.of([float(n) for n in range(2000)])


def test_who_sent_nothing_yet_has_the_sites_bar() -> None:
    assert SITE.bar_of(NO_PAST, 2) == SITE.bar(2)
    assert NO_PAST.bar_of(Past.of([5.0] * 1000), 2) == inf


def test_who_sends_odd_right_mail_has_a_higher_bar_and_who_sends_none_a_lower_one() -> None:
    odd, plain = Past.of([3000.0 + n for n in range(500)]), Past.of([-9.0] * 500)
    assert SITE.bar_of(odd, 2) > 3000
    assert SITE.bar_of(plain, 2) < SITE.bar(2)


@given(SCORES, SCORES.filter(lambda scores: len(scores) > 20), st.sampled_from((1.0, 5.0, 20.0)))
def test_a_senders_bar_keeps_the_budget_on_both_pasts_together(own: list[float], site: list[float], budget: float) -> None:
    """Unless fewer scores are kept than the budget would let pass."""
    ours, theirs = Past.of(own), Past.of(site)
    found = theirs.bar_of(ours, budget)
    above = sum(one > found for one in own) + SHRUNK / len(site) * sum(one > found for one in site)
    assert above <= (SHRUNK + len(own)) * budget / 1000 + 1e-9
