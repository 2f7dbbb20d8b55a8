from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missent.errors import HoldError
from missent.holds.transitions import FIRST, LEAVING, SETTLED, TABLE, after, who
from missent.nouns.address import Address
from missent.nouns.hold import HeldCopy, State, Step

ACTORS = ["sender:5e4d", "console", "cli:root", "clock", "delivery", "gateway", "", "senders"]


def copy(state, decide="sender"):
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return HeldCopy(1, Address("a", "b.ml"), state, "r", decide, (), at)


def step_on(copy, step, actor):
    """The state after it, or None where it is refused."""
    try:
        return after(copy, step, actor, "a@b.mil" if step is Step.CORRECT else None)
    except HoldError:
        return None


@pytest.mark.parametrize(("state", "step"), list(product(State, Step)), ids=str)
def test_every_step_in_every_state_is_taken_by_those_the_table_names_or_refused(state, step):
    allowed = {actor for actor in ACTORS if step_on(copy(state), step, actor)}
    if (state, step) not in TABLE:
        assert allowed == set()
        return
    target, takers = TABLE[state, step]
    assert {who(actor) for actor in allowed} == takers
    assert {step_on(copy(state), step, actor) for actor in allowed} == {target}


def test_every_state_is_reached_and_the_settled_ones_are_the_ends():
    assert {state for state, _ in TABLE.values()} | FIRST == set(State)
    assert set(State) - {state for state, _ in TABLE} == SETTLED - {State.FAILED}
    assert [target for (state, _), (target, _) in TABLE.items() if state is State.FAILED] == [State.RETURNED]
    assert {state for (state, step) in TABLE if step is Step.SEND} == LEAVING


@given(
    st.lists(st.tuples(st.sampled_from(Step), st.sampled_from(ACTORS)), max_size=30), st.sampled_from(["sender", "reviewer"])
)
def test_whatever_is_tried_a_copy_leaves_only_if_somebody_entitled_let_it_go(tries, decide):
    """Random steps by random actors: the life that results is one the product promises."""
    life, held = [State.HELD], copy(State.HELD, decide)
    for step, actor in tries:
        state = step_on(held, step, actor)
        if state:
            life.append(state)
            held = copy(state, decide)
    if State.SENDING in life:
        assert life[1] in LEAVING - {State.SENDING}
        assert life[1] is not State.CONFIRMED or decide == "sender"
    if State.FAILED in life[:-1]:
        assert life[-2:] == [State.FAILED, State.RETURNED]
        life.pop()
    assert all(state not in SETTLED for state in life[:-1])
    assert State.HELD not in life[1:]


@pytest.mark.parametrize("actor", ["relay", "", "senders", "system:clock", "SENDER:1"])
def test_nobody_else_decides(actor):
    with pytest.raises(HoldError, match="nobody who decides"):
        who(actor)


def test_refusals_say_why_and_name_no_address():
    with pytest.raises(HoldError, match="copy 1 is sent: return is no longer possible"):
        after(copy(State.SENT), Step.RETURN, "console")
    with pytest.raises(HoldError, match="release is not for a sender"):
        after(copy(State.HELD), Step.RELEASE, "sender:1")
    with pytest.raises(HoldError, match="needs the right address"):
        after(copy(State.HELD), Step.CORRECT, "sender:1", "")
    with pytest.raises(HoldError, match="nothing else has one"):
        after(copy(State.HELD), Step.CONFIRM, "sender:1", "a@b.mil")
