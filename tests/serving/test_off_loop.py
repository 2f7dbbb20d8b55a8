"""Judging off the event loop: what is asked of history, and when not."""

import asyncio
import threading
import time
from datetime import UTC, datetime

import pytest

from missent.errors import StoreError
from missent.judging import Judging
from missent.nouns.action import Action
from missent.nouns.address import Address
from missent.nouns.envelope import Client, Envelope, Recipient
from missent.policy.reading import default_policy
from missent.reading.opener import Opener
from missent.recipients.history import NoHistory
from missent.recipients.names import Names
from missent.serving.off_loop import OffLoopJudge

OWN = frozenset({"mod.example"})


class Counting(NoHistory):
    """Counts the questions."""

    asked = 0

    def known(self, question):
        self.asked += 1
        return super().known(question)


@pytest.fixture
def history():
    return Counting()


@pytest.fixture
def judge(history):
    judging = Judging(OWN, Names(OWN), history, default_policy(), time.perf_counter)
    judge = OffLoopJudge(judging, 30.0, lambda: datetime.now(UTC), Opener())
    yield judge
    judge.close()


class Where(NoHistory):
    """Notes the threads in which it was asked."""

    def __init__(self):
        self.threads = []

    def known(self, question):
        self.threads.append(threading.current_thread())
        return super().known(question)


def unavailable(_question):
    raise StoreError("busy")


def envelope(*rcpts):
    return Envelope(
        Address.parse("anna@mod.example"), tuple(Recipient(Address.parse(r)) for r in rcpts), client=Client(own=True)
    )


def test_at_rcpt_history_is_asked_only_of_an_address_that_could_be_refused(judge, history):
    granted = asyncio.run(judge(None, envelope("jane@army.mil")))
    assert granted.verdict.recipients == ()
    assert history.asked == 0
    refused = asyncio.run(judge(None, envelope("jane@army.notasuffix")))
    assert refused.verdict.action is Action.BLOCK
    assert history.asked == 1


def test_a_message_is_judged_with_one_question(judge, history):
    judged = asyncio.run(judge(b"Subject: x\r\n\r\nHello\r\n", envelope("jane@army.mil", "joe@army.ml")))
    assert [r.action.word for r in judged.verdict.recipients] == ["deliver", "hold"]
    assert history.asked == 1


def asked_in(raw, at_once, rcpts=("jane@army.mil",)):
    """The names of the threads in which history was asked, and whether by `at_once`."""
    slow, quick = Where(), Where()
    judging = Judging(OWN, Names(OWN), slow, default_policy(), time.perf_counter)
    judge = OffLoopJudge(judging, 30.0, lambda: datetime.now(UTC), Opener(), quick.known if at_once else None)
    judged = asyncio.run(judge(raw, envelope(*rcpts)))
    judge.close()
    assert len(judged.verdict.recipients) == len(rcpts)
    main = threading.main_thread()
    return "loop" if quick.threads == [main] and not slow.threads else "thread" if main not in slow.threads else "?"


SMALL = b"Subject: x\r\n\r\nHello\r\n"
HEAD = b"X-Long: " + b"x" * 70 + b"\r\n"


@pytest.mark.parametrize(
    ("raw", "at_once", "rcpts", "where"),
    [
        (SMALL, True, 1, "loop"),
        (SMALL, False, 1, "thread"),
        (SMALL + b"x" * 20_000, True, 1, "thread"),
        (HEAD * 100 + SMALL, True, 1, "thread"),
        (HEAD * 10, True, 1, "thread"),
        (SMALL, True, 21, "thread"),
    ],
)
def test_only_what_is_small_is_judged_on_the_loop(raw, at_once, rcpts, where):
    assert asked_in(raw, at_once, tuple(f"j{n}@army.mil" for n in range(rcpts))) == where


def test_after_a_slow_one_on_the_loop_threads_are_used_for_a_while():
    """A disk that takes its time: others wait for one verdict, not for every one."""

    def slow(question):
        time.sleep(0.26)
        return NoHistory().known(question)

    async def two():
        await judge(SMALL, envelope("jane@army.mil"))
        assert elsewhere.threads == []
        await judge(SMALL, envelope("jane@army.mil"))

    elsewhere = Where()
    judging = Judging(OWN, Names(OWN), elsewhere, default_policy(), time.perf_counter)
    judge = OffLoopJudge(judging, 30.0, lambda: datetime.now(UTC), Opener(), slow)
    asyncio.run(two())
    judge.close()
    assert len(elsewhere.threads) == 1
    assert threading.main_thread() not in elsewhere.threads


def test_where_history_is_not_at_hand_a_thread_asks_it():
    slow = Where()
    judging = Judging(OWN, Names(OWN), slow, default_policy(), time.perf_counter)
    judge = OffLoopJudge(judging, 30.0, lambda: datetime.now(UTC), Opener(), unavailable)
    judged = asyncio.run(judge(SMALL, envelope("joe@army.ml")))
    judge.close()
    assert judged.verdict.action is Action.HOLD
    assert threading.main_thread() not in slow.threads


def test_what_fails_at_once_is_held_like_what_fails_in_a_thread():
    def broken(_question):
        raise ValueError("canary")

    judging = Judging(OWN, Names(OWN), NoHistory(), default_policy(), time.perf_counter)
    judge = OffLoopJudge(judging, 30.0, lambda: datetime.now(UTC), Opener(), broken)
    judged = asyncio.run(judge(SMALL, envelope("jane@army.mil")))
    judge.close()
    assert judged.verdict.action is Action.HOLD
    assert [f.id for f in judged.verdict.findings] == ["check-failed"]


def test_a_hostile_file_is_one_finding_and_the_message_is_judged(judge):
    bomb = (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/Count 9>>endobj\ntrailer<</Root 1 0 R>>\n" + b"\0" * 20_000
    )
    head = b"From: anna@mod.example\r\nContent-Type: application/pdf; name=x.pdf\r\n\r\n"
    judged = asyncio.run(judge(head + bomb, envelope("jane@army.mil")))
    assert judged.verdict.recipients[0].action is Action.DELIVER
    assert [f.id for f in judged.verdict.findings if f.id != "newcomer"] == ["not-inspected"]
