"""Judging off the event loop: what is asked of history, and when not."""

import asyncio
import time
from datetime import UTC, datetime

import pytest

from missent.judging import Judging
from missent.nouns.action import Action
from missent.nouns.address import Address
from missent.nouns.envelope import Client, Envelope, Recipient
from missent.policy.reading import default_policy
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
    judge = OffLoopJudge(judging, 30.0, lambda: datetime.now(UTC))
    yield judge
    judge.close()


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
