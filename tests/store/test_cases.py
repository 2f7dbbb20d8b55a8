"""Cases in the store: each change whole, told in the chain without words, letters leased once."""

from datetime import UTC, datetime, timedelta

import pytest

from missent.cases.states import State, Step
from missent.errors import CaseError
from missent.store.cases import By

NOW = datetime(2023, 7, 20, 9, tzinfo=UTC)


def by(reason="because", hours=0):
    return By("cli:dpo", NOW + timedelta(hours=hours), reason)


def exposure(number, rcpt="jane@army.ml", accepted="yes"):
    return {
        "schema": "missent.exposure/1",
        "number": number,
        "message_id": f"<{number}@mod.example>",
        "rcpt": rcpt,
        "accepted": accepted,
    }


@pytest.fixture
def case(store):
    id_ = store.cases.open("Mail to Mali", "dpo", NOW, by())
    store.cases.add(id_, [exposure(1), exposure(2, "john@army.ml"), exposure(3, "x@army.ml", "no")], by())
    return id_


def test_found_to_closed(store, case):
    cases = store.cases
    assert cases.get(case).state is State.FOUND
    assert cases.step(case, Step.ASSESS, by("personal data")) == 3
    assert cases.step(case, Step.CONTAIN, by("ask them")) == 3
    assert [x.rcpt for x in cases.get(case).letters] == ["jane@army.ml", "john@army.ml"]  # the third was refused: nobody has it
    assert cases.step(case, Step.NOTIFY, by("told the authority", 20)) == 3
    cases.note(case, by("counted"), affected=17)
    assert cases.step(case, Step.CLOSE, by("done", 30)) == 3
    found = cases.get(case)
    assert (found.state, found.affected, found.deadline.word(NOW)) == (State.CLOSED, 17, "notified, 52 h to spare")
    assert [n.kind for n in found.notes] == ["opened", "added", "assess", "contain", "notify", "note", "close"]


def test_the_same_exposure_is_added_once(store, case):
    assert store.cases.add(case, [exposure(1), exposure(4)], by()) == 1
    assert len(store.cases.get(case).entries) == 4


def test_a_step_that_one_exposure_may_not_take_moves_none(store, case):
    store.cases.step(case, Step.ASSESS, by(), lambda entry: entry.rcpt == "jane@army.ml")
    with pytest.raises(CaseError):
        store.cases.step(case, Step.CLOSE, by())
    assert [e.state for e in store.cases.get(case).entries] == [State.ASSESSED, State.FOUND, State.FOUND]


def test_no_such_case(store):
    with pytest.raises(CaseError, match="there is no case"):
        store.cases.get("nowhere")


def test_the_chain_tells_everything_but_the_words(store, case):
    store.cases.note(case, by("canary-reason"))
    events = list(store.audit.export())
    assert [e["kind"] for e in events if e["kind"].startswith("case.")] == ["case.opened", "case.added", "case.note"]
    assert "canary" not in str(events)
    assert "army.ml" not in str(events)
    assert store.audit.verify().faults == ()


def test_a_letter_is_leased_once_and_what_became_of_it_is_kept(store, case):
    store.cases.step(case, Step.CONTAIN, by())
    box = store.case_letters
    first = box.lease(NOW, "one")
    assert [p.hold_id for p in first] == [case, case]
    assert box.lease(NOW, "two") == ()
    box.done(first[0], NOW)
    box.again(first[1], NOW + timedelta(minutes=5), "451 later")
    again = box.lease(NOW + timedelta(minutes=6), "two")
    assert [p.id for p in again] == [first[1].id]
    box.failed(again[0], NOW, "550 no such user")
    assert box.waiting() == 0
    assert [(x.state, x.reply) for x in store.cases.get(case).letters] == [("sent", ""), ("failed", "550 no such user")]


def test_a_lease_that_ran_out_is_anothers_and_the_first_says_nothing_any_more(store, case):
    store.cases.step(case, Step.CONTAIN, by())
    stale = store.case_letters.lease(NOW, "one", 1, timedelta(seconds=30))[0]
    store.case_letters.lease(NOW + timedelta(minutes=1), "two", 1)
    assert store.case_letters.renew([stale], NOW + timedelta(minutes=1)) == frozenset()
    store.case_letters.failed(stale, NOW, "too late")
    assert store.cases.get(case).letters[0].state == "waiting"
