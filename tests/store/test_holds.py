"""The HoldBook's promises, kept by the database and in memory alike."""

from dataclasses import replace
from datetime import timedelta

import pytest

from missent.errors import HoldError
from missent.holds.lessons import Confirmation, Correction
from missent.nouns.address import Address
from missent.nouns.hold import State
from missent.store.holds import _copies

from .holding import BODY, HOUR, NOW, SENDER, copy, decision, due, hold, states


def test_what_is_kept_is_read_back_whole(holds):
    kept = holds.keep(hold("h1", copy(), copy('"o\x00dd name"@b\udcffé.ml', notify="FAILURE", orcpt="rfc822;x")), BODY)
    assert [c.id > 0 for c in kept.copies] == [True, True]
    assert holds.get("h1") == kept
    assert holds.get("h1").copies[1].rcpt.written == '"o\x00dd name"@b\udcffé.ml'
    assert kept.copies[0] == copy(id=kept.copies[0].id, changed=NOW)
    assert replace(kept, copies=()) == replace(hold("h1"), copies=())
    assert holds.body("h1") == BODY


@pytest.mark.parametrize("size", [0, 1, 256 * 1024, 256 * 1024 + 1, 1_000_000])
def test_bodies_of_any_size_come_back_byte_for_byte(holds, size):
    body = bytes(range(256)) * (size // 256) + bytes(size % 256)
    holds.keep(hold("h1"), body)
    assert holds.body("h1") == body


def test_what_is_not_there(holds):
    assert holds.get("nope") is None
    for ask in (lambda: holds.body("nope"), lambda: holds.decide(decision(hold("nope", copy()), "return"))):
        with pytest.raises(HoldError):
            ask()


def test_newest_first_and_by_state(holds):
    for n in range(3):
        holds.keep(hold(f"h{n}", created=NOW + n * HOUR, message_id=f"m{n}"), BODY)
    holds.decide(decision(holds.get("h1"), "release", "cli:root"))
    assert [h.id for h in holds.find()] == ["h2", "h1", "h0"]
    assert [h.id for h in holds.find(State.HELD)] == ["h2", "h0"]
    assert [h.id for h in holds.find(State.RELEASED)] == ["h1"]
    assert [h.id for h in holds.find(limit=1)] == ["h2"]
    first, last = holds.find()[-1].created, holds.find()[0].created
    assert [h.id for h in holds.find(until=last)] == ["h1", "h0"]
    assert [h.id for h in holds.find(since=last)] == ["h2"]
    assert [h.id for h in holds.find(State.HELD, since=first, until=last)] == ["h0"]


def test_transactions_of_the_same_message_join(holds):
    first = holds.keep(hold("h1", copy("a@army.ml")), BODY)
    again = holds.keep(hold("h2", copy("A@army.ml"), copy("b@army.ml"), created=NOW + 0.9 * HOUR), BODY)
    assert again.id == "h1"
    assert again.copies[0] == first.copies[0]
    assert [c.rcpt.spec for c in again.copies] == ["a@army.ml", "b@army.ml"]
    assert holds.get("h2") is None
    assert due(holds.outbox) == [("notice", tuple(c.id for c in again.copies)), ("reminder", tuple(c.id for c in again.copies))]


def test_one_notice_a_message_however_late_the_rest_comes(holds):
    first = holds.keep(hold("h1", copy("a@army.ml")), BODY)
    (notice,) = holds.outbox.lease(NOW, "w")
    holds.outbox.done(notice, NOW)
    both = holds.keep(hold("h2", copy("b@army.ml"), created=NOW + 0.5 * HOUR), BODY)
    assert due(holds.outbox) == [("reminder", (first.copies[0].id, both.copies[1].id))]


def test_a_retry_after_the_decision_asks_nobody_again(holds):
    kept = holds.keep(hold("h1"), BODY)
    holds.decide(decision(kept, "confirm", at=NOW + 0.1 * HOUR))
    assert holds.keep(hold("h2", created=NOW + 0.5 * HOUR), BODY).id == "h1"
    assert states(holds) == ["confirmed"]


@pytest.mark.parametrize(
    "other",
    [
        {"created": NOW + HOUR},
        {"message_id": "m2@mod.example"},
        {"mail_from": Address.parse("b@mod.example")},
        {"key": "another body"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_other_messages_do_not_join(holds, other):
    holds.keep(hold("h1"), BODY)
    assert holds.keep(hold("h2", **other), BODY).id == "h2"
    assert [p for p, _ in due(holds.outbox)].count("notice") == 2
    assert holds.keep(hold("h3", **({"created": NOW} | other)), BODY).id == "h2"


def test_without_message_id_alike_is_the_same_only_while_it_waits(holds):
    kept = holds.keep(hold("h1", message_id=""), BODY)
    assert holds.keep(hold("h2", message_id=""), BODY).id == "h1"
    holds.decide(decision(kept, "return"))
    assert holds.keep(hold("h3", message_id=""), BODY).id == "h3"


def test_one_mailbox_has_one_copy(holds):
    kept = holds.keep(hold("h1", copy("a@army.ml"), copy("b@army.ml"), copy("A@army.ml")), BODY)
    assert [c.rcpt.spec for c in kept.copies] == ["a@army.ml", "b@army.ml"]


def test_a_notice_and_a_reminder_at_a_third(holds):
    kept = holds.keep(hold("h1", copy(wait=72), copy("b@army.ml", wait=30)), BODY)
    ids = tuple(c.id for c in kept.copies)
    assert due(holds.outbox, NOW) == [("notice", ids)]
    assert holds.outbox.lease(NOW + 10 * HOUR - timedelta(seconds=1), "v") != ()  # the notice's lease has run out
    assert due(holds.outbox, NOW + 10 * HOUR) == [("reminder", ids)]


def test_nobody_is_written_to_who_may_not_be(holds):
    kept = holds.keep(hold("h1", copy("a@b.ml"), copy("b@b.ml"), copy("c@b.ml", State.RETURNED), asks_sender=False), BODY)
    holds.decide(decision(kept, "return", "console"))
    holds.expire(NOW + 100 * HOUR)
    assert due(holds.outbox) == []
    assert states(holds) == ["returned", "expired", "returned"]
    assert [h.id for h in holds.find(State.EXPIRED)] == ["h1"]


def test_blocked_after_data_is_one_dsn(holds):
    kept = holds.keep(hold("h1", copy("a@b.ml", State.RETURNED), copy("b@b.ml", State.RETURNED)), BODY)
    assert due(holds.outbox) == [("dsn", tuple(c.id for c in kept.copies))]


@pytest.mark.parametrize(
    ("step", "actor", "more", "state", "leaves"),
    [
        ("confirm", SENDER, {}, "confirmed", "copy"),
        ("correct", SENDER, {"corrected_to": "jane.doe@army.mil"}, "corrected", "copy"),
        ("release", "cli:root", {"reason": "known"}, "released", "copy"),
        ("return", SENDER, {}, "returned", "dsn"),
        ("return", "console", {}, "returned", "dsn"),
    ],
)
def test_a_decision_and_what_leaves(holds, step, actor, more, state, leaves):
    kept = holds.keep(hold("h1", copy(), copy("b@army.ml")), BODY)
    moved = holds.decide(decision(kept, step, actor, **more))
    assert (moved.state, moved.decided_by, moved.changed) == (state, actor, NOW + HOUR)
    assert (moved.corrected_to, moved.reason) == (more.get("corrected_to"), more.get("reason", ""))
    assert holds.get("h1").copies == (moved, kept.copies[1])
    assert due(holds.outbox)[1:] == [(leaves, (moved.id,)), ("reminder", (kept.copies[1].id,))]
    with pytest.raises(HoldError, match="no longer possible"):
        holds.decide(decision(kept, step, actor, **more))


@pytest.mark.parametrize(
    ("step", "actor", "more"),
    [
        ("release", SENDER, {}),
        ("confirm", "cli:root", {}),
        ("confirm", "console", {}),
        ("correct", SENDER, {}),
        ("confirm", SENDER, {"corrected_to": "x@army.mil"}),
        ("expire", "console", {}),
        ("send", "console", {}),
        ("return", "gateway", {}),
    ],
)
def test_a_decision_that_is_not_theirs_changes_nothing(holds, step, actor, more):
    kept = holds.keep(hold("h1"), BODY)
    with pytest.raises(HoldError):
        holds.decide(decision(kept, step, actor, **more))
    assert states(holds) == ["held"]
    assert due(holds.outbox)[1:] == [("reminder", (kept.copies[0].id,))]


def test_what_waits_for_a_reviewer_its_sender_cannot_confirm(holds):
    kept = holds.keep(hold("h1", copy(decide="reviewer")), BODY)
    with pytest.raises(HoldError, match="waits for a reviewer"):
        holds.decide(decision(kept, "confirm"))
    assert holds.decide(decision(kept, "release", "console")).state is State.RELEASED


def test_expiry_returns_to_the_sender_what_is_past_its_time(holds):
    holds.keep(hold("h1", copy("a@b.ml", wait=1), copy("b@b.ml", wait=1), copy("c@b.ml", wait=2)), BODY)
    assert holds.expire(NOW + HOUR - timedelta(microseconds=1)) == ()
    expired = holds.expire(NOW + HOUR)
    assert [c.rcpt.local for c in expired] == ["a", "b"]
    assert holds.expire(NOW + HOUR) == ()
    assert states(holds) == ["expired", "expired", "held"]
    assert ("dsn", tuple(c.id for c in expired)) in due(holds.outbox)


def test_what_is_withdrawn_asks_nobody_and_sent_again_is_held_anew(holds):
    kept = holds.keep(hold("h1", copy("a@b.ml"), copy("b@b.ml")), BODY)
    holds.decide(decision(kept, "confirm", at=NOW))
    holds.withdraw("h1", [c.id for c in kept.copies], NOW)
    assert states(holds) == ["confirmed", "returned"]
    again = holds.keep(hold("h2", copy("b@b.ml"), created=NOW + HOUR / 2), BODY)
    assert (again.id, states(holds, "h2")) == ("h2", ["held"])
    assert sorted(parcel for parcel, _ in due(holds.outbox, NOW)) == ["copy", "notice"]


def test_what_decisions_teach(holds, lessons):
    kept = holds.keep(hold("h1", copy("Jane@army.ml"), copy("b@army.ml"), references=("m0@x", "", "m1@mod.example")), BODY)
    holds.decide(decision(kept, "correct", corrected_to="jane@army.mil"))
    holds.decide(decision(kept, "confirm", nth=1))
    assert set(lessons()) == {
        Correction(("m0@x",), "jane@army.ml", "jane@army.mil"),
        Correction(("m1@mod.example",), "jane@army.ml", "jane@army.mil"),
        Confirmation("a@mod.example", "b@army.ml"),
    }


def test_the_last_lesson_counts(holds, lessons):
    for n, right in enumerate(["x@army.mil", "y@army.mil"]):
        kept = holds.keep(hold(f"h{n}", references=(), created=NOW + n * HOUR), BODY)
        holds.decide(decision(kept, "correct", corrected_to=right, at=NOW + n * HOUR))
    assert lessons()[-1] == Correction(("m1@mod.example",), "jane.doe@army.ml", "y@army.mil")


def test_the_null_reverse_path_is_kept_and_taught_nothing(holds, lessons):
    kept = holds.keep(hold("h1", mail_from=None), BODY)
    assert holds.get("h1").mail_from is None
    holds.decide(decision(kept, "confirm"))
    assert lessons() == []


def test_who_was_only_told_of_a_block_is_asked_when_a_copy_is_held_later(holds):
    holds.keep(hold("h1", copy("a@b.ml", State.RETURNED)), BODY)
    both = holds.keep(hold("h2", copy("b@b.ml")), BODY)
    assert [p for p, _ in due(holds.outbox, NOW)] == ["dsn", "notice"]
    assert both.id == "h1"


def test_more_holds_than_a_statement_takes_parameters(store):
    kept = store.holds.keep(hold("h1"), BODY)
    with store.read() as connection:
        found = _copies(connection, [*map(str, range(70_000)), "h1"])
    assert found["h1"] == kept.copies


def warned(rcpt="w@army.ml", **more):
    return copy(rcpt, State.WARNED, wait=0, **more)


def test_a_warning_is_one_letter_never_waits_and_is_never_sent_again(holds):
    kept = holds.keep(hold("h1", warned()), BODY)
    assert holds.expire(NOW + 100 * HOUR) == ()
    for step, actor in (("confirm", SENDER), ("return", "console"), ("expire", "clock"), ("send", "delivery")):
        with pytest.raises(HoldError, match="no longer possible"):
            holds.decide(decision(kept, step, actor))
    assert states(holds) == ["warned"]
    assert [h.id for h in holds.find(State.WARNED)] == ["h1"]
    assert due(holds.outbox) == [("notice", (kept.copies[0].id,))]


def test_what_is_held_and_what_is_warned_of_share_one_letter_and_only_the_held_a_reminder(holds):
    kept = holds.keep(hold("h1", copy("a@army.ml"), warned()), BODY)
    held, told = (c.id for c in kept.copies)
    assert due(holds.outbox) == [("notice", (held, told)), ("reminder", (held,))]


@pytest.mark.parametrize("taken", [False, True])
def test_a_retry_of_a_message_warned_of_writes_nothing_more(holds, taken):
    holds.keep(hold("h1", warned()), BODY)
    if taken:
        (notice,) = holds.outbox.lease(NOW, "w")
        holds.outbox.done(notice, NOW)
    again = holds.keep(hold("h2", warned("W@army.ml"), warned("x@army.ml"), created=NOW + 0.5 * HOUR), BODY)
    assert (again.id, states(holds)) == ("h1", ["warned", "warned"])
    assert due(holds.outbox) == ([] if taken else [("notice", tuple(c.id for c in again.copies))])


def test_what_is_held_later_is_asked_about_once_though_a_warning_has_gone(holds):
    holds.keep(hold("h1", warned(), copy("b@army.ml", State.RETURNED)), BODY)
    for posting in holds.outbox.lease(NOW, "w"):
        holds.outbox.done(posting, NOW)
    asked = holds.keep(hold("h2", copy("a@army.ml"), created=NOW + 0.1 * HOUR), BODY).copies[2].id
    (notice,) = holds.outbox.lease(NOW + 0.1 * HOUR, "w")
    assert (str(notice.parcel), notice.copy_ids) == ("notice", (asked,))
    holds.outbox.done(notice, NOW + 0.1 * HOUR)
    last = holds.keep(hold("h3", copy("c@army.ml"), created=NOW + 0.2 * HOUR), BODY).copies[3].id
    assert due(holds.outbox) == [("reminder", (asked, last))]


@pytest.mark.parametrize("state", [State.HELD, State.RETURNED])
def test_a_mailbox_warned_of_and_then_to_be_kept_back_gets_a_hold_of_its_own(holds, state):
    holds.keep(hold("h1", warned("a@army.ml")), BODY)
    other = holds.keep(hold("h2", copy("A@army.ml", state)), BODY)
    assert (other.id, [c.state for c in other.copies]) == ("h2", [state])
    assert states(holds, "h1") == ["warned"]
    assert holds.body("h2") == BODY


def test_a_warning_nobody_may_be_told_of_makes_no_letter(holds):
    holds.keep(hold("h1", warned(), asks_sender=False), BODY)
    assert due(holds.outbox) == []
