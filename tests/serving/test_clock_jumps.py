"""The clock of a node is set far ahead, or back, while mail is on its way."""

import asyncio
from datetime import UTC, datetime, timedelta

from missent.holds.book import Decision
from missent.nouns.hold import State, Step


class Clock:
    """The machine's, with what somebody added to it."""

    added = timedelta(0)

    def __call__(self):
        return datetime.now(UTC) + self.added


async def held(h, rcpt):
    """A hold of one copy, its sender asked."""
    before = len(h.inbox("anna@mod.example"))
    assert await h.send(rcpt) == {}
    await h.until(lambda: len(h.inbox("anna@mod.example")) > before)
    return next(hold for hold in h.store.holds.find() if hold.copies[0].rcpt.spec == rcpt)


def state(h, hold):
    return h.store.holds.get(hold.id).copies[0].state


def test_a_copy_under_way_is_given_up_by_no_clock_and_leaves_once_it_is_right(house):
    clock = Clock()

    async def play():
        async with house(clock=clock) as h:
            hold = await held(h, "jane@army.ml")
            h.hop.script = {"RCPT": "451 4.3.0 Later"}
            h.store.holds.decide(Decision(hold.id, hold.copies[0].id, Step.RELEASE, "console", clock()))
            await h.until(lambda: h.store.holds.get(hold.id).copies[0].reply)
            clock.added = timedelta(days=400)
            tries = tried(h, hold)
            await h.until(lambda: tried(h, hold) > tries)
            assert state(h, hold) is State.SENDING
            h.hop.script, clock.added = {}, timedelta(0)
            await h.until(lambda: state(h, hold) is State.SENT)
            assert len(h.inbox("jane@army.ml")) == 1

    asyncio.run(play())


def tried(h, hold):
    return max(row.attempts for row in h.store.outbox.about([hold.id]) if row.parcel == "copy")


def test_what_waits_while_the_clock_is_far_ahead_comes_back_as_a_report_and_is_never_delivered(house):
    clock = Clock()

    async def play():
        async with house(clock=clock) as h:
            hold = await held(h, "jane@army.ml")
            clock.added = timedelta(days=400)
            await h.until(lambda: state(h, hold) is State.EXPIRED, 20)
            await h.until(lambda: any(b"Status: 4.4.7" in raw for raw in h.inbox("anna@mod.example")), 20)
            clock.added = -timedelta(days=400)
            other = await held(h, "jane@navy.ml")
            await asyncio.sleep(0.5)
            assert (state(h, other), h.inbox("jane@army.ml"), h.inbox("jane@navy.ml")) == (State.HELD, [], [])

    asyncio.run(play())
