"""The Outbox's promises, kept by the database and in memory alike."""

from datetime import timedelta

import pytest

from missent.nouns.posting import LEASE, LONGEST_LEASE, LONGEST_WAIT

from .holding import BODY, HOUR, NOW, copy, decision, due, hold, states


@pytest.fixture
def outbox(holds):
    """With one copy confirmed, its notice sent."""
    kept = holds.keep(hold("h1"), BODY)
    (notice,) = holds.outbox.lease(NOW, "w")
    holds.outbox.done(notice, NOW)
    holds.decide(decision(kept, "confirm", at=NOW))
    return holds.outbox


def test_a_lease_is_one_workers_while_it_lives(holds, outbox):
    (mine,) = outbox.lease(NOW, "one")
    assert (mine.parcel, mine.attempts, mine.created) == ("copy", 0, NOW)
    assert states(holds) == ["sending"]
    assert outbox.lease(NOW + LEASE - timedelta(microseconds=1), "two") == ()
    (taken,) = outbox.lease(NOW + LEASE, "two")
    assert (taken.id, taken.attempts) == (mine.id, 1)
    assert states(holds) == ["sending"]


def test_done_is_sent_and_done(holds, outbox):
    (row,) = outbox.lease(NOW, "w")
    outbox.done(row, NOW)
    assert states(holds) == ["sent"]
    assert due(outbox) == []
    outbox.done(row, NOW)
    assert outbox.waiting() == 0


def test_deferred_comes_again_when_due(holds, outbox):
    (row,) = outbox.lease(NOW, "w")
    outbox.again(row, NOW + HOUR, "450 4.2.1 later")
    assert holds.get("h1").copies[0].reply == "450 4.2.1 later"
    assert outbox.lease(NOW + HOUR - timedelta(microseconds=1), "w") == ()
    (row,) = outbox.lease(NOW + HOUR, "w")
    assert row.attempts == 1
    assert outbox.waiting() == 2  # with the reminder, which is not yet due


def test_refused_for_good_is_failed_and_told(holds, outbox):
    (row,) = outbox.lease(NOW, "w")
    outbox.failed(row, NOW, "550 5.1.1 nobody")
    kept = holds.get("h1").copies[0]
    assert (kept.state, kept.reply) == ("failed", "550 5.1.1 nobody")
    assert due(outbox, NOW) == [("dsn", (kept.id,))]


def test_refused_for_good_tells_nobody_who_may_not_be_written_to(holds):
    kept = holds.keep(hold("h1", asks_sender=False), BODY)
    holds.decide(decision(kept, "release", "console", at=NOW))
    (row,) = holds.outbox.lease(NOW, "w")
    holds.outbox.failed(row, NOW, "550 5.1.1 nobody")
    assert due(holds.outbox) == []
    assert states(holds) == ["failed"]


def test_who_lost_the_lease_is_not_heard_unless_it_was_sent(holds, outbox):
    (old,) = outbox.lease(NOW, "slow")
    (new,) = outbox.lease(NOW + LEASE, "quick")
    outbox.failed(old, NOW + LEASE, "550 5.0.0 no")
    outbox.again(old, NOW + LEASE, "450 4.0.0 later")
    assert states(holds) == ["sending"]
    assert outbox.lease(NOW + LEASE, "third") == ()
    outbox.done(old, NOW + LEASE)
    assert states(holds) == ["sent"]
    outbox.failed(new, NOW + LEASE, "550 5.0.0 twice")
    assert states(holds) == ["sent"]


def test_a_lease_renewed_is_kept_and_one_lost_is_not(holds, outbox):
    (mine,) = outbox.lease(NOW, "one")
    assert outbox.renew((mine,), NOW + LEASE / 2) == {mine.id}
    assert outbox.lease(NOW + LEASE, "two") == ()
    (theirs,) = outbox.lease(NOW + LEASE * 1.5, "two")
    assert outbox.renew((mine,), NOW + LEASE * 1.5) == frozenset()
    assert outbox.renew((theirs, mine), NOW + LEASE * 1.5) == {theirs.id}
    outbox.done(theirs, NOW + LEASE * 2)
    assert outbox.renew((theirs,), NOW + LEASE * 2) == frozenset()


def test_what_a_wrong_clock_wrote_is_taken_up_once_it_is_right(holds, outbox):
    ahead = NOW + 24 * 365 * HOUR
    (row,) = outbox.lease(ahead, "from the future")  # and it died
    assert outbox.lease(ahead - LONGEST_LEASE + LEASE, "w") == ()  # a small step back is waited for
    (row,) = outbox.lease(NOW, "w")
    outbox.again(row, ahead, "450 4.2.1 later")
    (row,) = outbox.lease(NOW, "w")
    outbox.again(row, NOW + LONGEST_WAIT, "450 4.2.1 later")
    assert outbox.lease(NOW, "w") == ()
    assert outbox.lease(NOW + LONGEST_WAIT, "w")


def test_a_reminder_waits_for_days(holds):
    holds.keep(hold("h1"), BODY)
    assert [p.parcel for p in holds.outbox.lease(NOW, "w")] == ["notice"]
    assert holds.outbox.waiting() == 2


def test_a_failed_copy_is_returned_once_its_report_was_taken(holds, outbox):
    (row,) = outbox.lease(NOW, "w")
    outbox.failed(row, NOW, "550 5.1.1 nobody")
    (report,) = outbox.lease(NOW, "w")
    outbox.again(report, NOW, "450 4.2.1 later")
    assert states(holds) == ["failed"]
    (report,) = outbox.lease(NOW, "w")
    outbox.done(report, NOW)
    copy = holds.get("h1").copies[0]
    assert (copy.state, copy.undelivered, copy.reply) == ("returned", True, "550 5.1.1 nobody")
    outbox.done(report, NOW)
    assert states(holds) == ["returned"]


def test_a_failed_copy_whose_sender_wanted_no_report_stays_failed(holds, outbox):
    (row,) = outbox.lease(NOW, "w")
    outbox.failed(row, NOW, "550 5.1.1 nobody")
    (report,) = outbox.lease(NOW, "w")
    outbox.pointless(report, NOW)
    assert states(holds) == ["failed"]
    assert outbox.waiting() == 1  # the reminder, which finds nothing held


def test_a_refused_notice_is_given_up(holds):
    holds.keep(hold("h1"), BODY)
    (notice,) = holds.outbox.lease(NOW, "w")
    holds.outbox.failed(notice, NOW, "550 5.1.1 nobody")
    assert [parcel for parcel, _ in due(holds.outbox)] == ["reminder"]
    assert states(holds) == ["held"]


def test_a_reminder_names_what_is_still_held_and_is_not_sent_about_nothing(holds):
    kept = holds.keep(hold("h1", copy("a@b.ml"), copy("b@b.ml")), BODY)
    due(holds.outbox, NOW)
    holds.decide(decision(kept, "return"))
    later = NOW + 24 * HOUR
    assert ("reminder", (kept.copies[1].id,)) in due(holds.outbox, later)
    other = holds.keep(hold("h2", message_id="m2"), BODY)
    due(holds.outbox, NOW)
    holds.decide(decision(other, "return"))
    assert "reminder" not in [p for p, _ in due(holds.outbox, later)]


def test_as_many_as_asked_for_oldest_first(holds):
    for n in range(5):
        holds.keep(hold(f"h{n}", created=NOW - n * HOUR, message_id=f"m{n}"), BODY)
    assert [p.hold_id for p in holds.outbox.lease(NOW, "w", limit=2)] == ["h4", "h3"]
    assert [p.hold_id for p in holds.outbox.lease(NOW, "w", limit=2)] == ["h2", "h1"]
    assert holds.outbox.waiting() == 10


def test_how_far_each_row_has_come_is_told(holds, outbox):
    (row,) = outbox.lease(NOW, "w")
    outbox.again(row, NOW + HOUR, "450 4.2.1 later")
    notice, reminder, sent = outbox.about(["h1", "other"])
    assert (notice.parcel, notice.finished, notice.failed, notice.reply) == ("notice", NOW, False, "")
    assert (reminder.parcel, reminder.attempts, reminder.finished) == ("reminder", 0, None)
    assert (sent.copy_ids, sent.attempts, sent.due, sent.reply) == (row.copy_ids, 1, NOW + HOUR, "450 4.2.1 later")
    (row,) = outbox.lease(NOW + HOUR, "w")
    outbox.failed(row, NOW + HOUR, "550 5.1.1 nobody")
    assert [(p.failed, p.reply) for p in outbox.about(["h1"]) if p.parcel == "copy"] == [(True, "550 5.1.1 nobody")]
    assert outbox.about([]) == ()
