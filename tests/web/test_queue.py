from datetime import timedelta

import pytest

from missent.nouns.posting import Parcel, Progress
from missent.testing.holding import NOON, hold
from missent.testing.holds import MemoryHolds
from missent.web.queue import Filter, by_copy, leaving, lines


def row(parcel=Parcel.COPY, attempts=0, finished=None, failed=False, reply=""):
    return Progress(parcel, hold().id, (1,), attempts, NOON, finished, failed, reply)


WAITING, RETRIED = row(), row(attempts=2, reply="451 later")
SENT, FAILED = row(attempts=1, finished=NOON), row(attempts=1, finished=NOON, failed=True, reply="550 no")


@pytest.mark.parametrize(("progress", "how"), [(WAITING, "waiting"), (RETRIED, "retried"), (SENT, "sent"), (FAILED, "failed")])
def test_how_far_a_row_has_come(progress, how):
    assert leaving(progress) == how


def test_the_worst_row_is_told():
    assert lines([hold()], [SENT, WAITING, RETRIED, FAILED], Filter())[0].told is FAILED
    assert lines([hold()], [SENT, WAITING, RETRIED], Filter())[0].told is RETRIED
    assert lines([hold()], [SENT], Filter())[0].told is None


@pytest.mark.parametrize(
    ("age", "hours", "seen"),
    [("new", 23, True), ("new", 25, False), ("old", 25, True), ("old", 23, False), ("due", 1, False), ("due", 49, True)],
)
def test_ages(age, hours, seen):
    book, now, wanted = MemoryHolds(), NOON + timedelta(hours=hours), Filter(age=age)
    book.keep(hold(), b"")
    assert any(wanted.wants(found, now) for found in book.find(None, 10, *wanted.created(now))) == seen


def test_a_filter_on_delivery_keeps_what_has_such_a_row():
    assert lines([hold()], [SENT, FAILED], Filter(leaving="failed"))
    assert not lines([hold()], [SENT], Filter(leaving="failed"))


def test_the_row_that_carries_a_copy():
    assert by_copy([row(Parcel.NOTICE), WAITING]) == {1: WAITING}
