"""An exposure's way through a case: every pair of state and step, and the clock."""

from datetime import UTC, datetime, timedelta

import pytest

from missent.cases.deadline import Deadline
from missent.cases.states import TABLE, State, Step, after, least
from missent.errors import CaseError


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_what_is_not_in_the_table_is_refused(state, step):
    if (state, step) in TABLE:
        assert after(state, step) is TABLE[state, step]
    else:
        with pytest.raises(CaseError, match="expected one of"):
            after(state, step)


def test_nothing_is_closed_unseen():
    assert (State.FOUND, Step.CLOSE) not in TABLE
    assert all(state is State.CLOSED for (_, step), state in TABLE.items() if step is Step.CLOSE)


def test_every_state_is_reached_and_left():
    assert set(TABLE.values()) | {State.FOUND} == set(State) == {state for state, _ in TABLE}


def test_a_case_stands_where_its_least_exposure_does():
    assert least(frozenset({State.CLOSED, State.ASSESSED})) is State.ASSESSED
    assert least(frozenset()) is State.FOUND


AWARE = datetime(2023, 7, 21, 16, tzinfo=UTC)  # a Friday: the hours run on


@pytest.mark.parametrize(
    ("notified", "now", "word"),
    [
        (None, 0, "72 h left"),
        (None, 71.5, "0 h left"),
        (None, 72, "0 h left"),
        (None, 75, "overdue by 3 h"),
        (60, 500, "notified, 12 h to spare"),
        (80, 500, "notified, 8 h late"),
    ],
)
def test_seventy_two_hours(notified, now, word):
    told = AWARE + timedelta(hours=notified) if notified else None
    assert Deadline(AWARE, told).word(AWARE + timedelta(hours=now)) == word
