import asyncio
from datetime import timedelta

from missent.delivery import clock
from missent.delivery.clock import Clock
from missent.errors import StoreError
from missent.nouns.hold import State
from missent.testing.holding import NOON, RAW, hold
from missent.testing.holds import MemoryHolds


def test_a_tick_expires_and_forgets():
    book, purged = MemoryHolds(), []
    held = book.keep(hold(), RAW)
    ticking = Clock(book, lambda before, now: purged.append((before, now)) or 0)
    assert ticking.tick(NOON + timedelta(hours=71)) == 0
    assert ticking.tick(NOON + timedelta(hours=72)) == 1
    assert book.get(held.id).copies[0].state is State.EXPIRED
    assert purged[-1] == (NOON + timedelta(hours=72) - timedelta(days=7), NOON + timedelta(hours=72))


class Counting:
    """Stands where a worker does: counts steps, fails once, then stops the loop."""

    def __init__(self, stop):
        self.steps = []
        self.stop = stop

    async def step(self, now):
        self.steps.append(now)
        if len(self.steps) == 1:
            raise StoreError("away")
        if len(self.steps) == 2:
            raise ValueError("canary")
        if len(self.steps) == 4:
            self.stop.set()
        return 0


def test_the_loop_outlives_a_store_that_is_away_a_fault_and_a_clock_that_jumps_back(caplog):
    ticks = []
    moments = iter([NOON, NOON, NOON + timedelta(seconds=31), NOON - timedelta(hours=1)])

    async def main():
        stop = asyncio.Event()
        worker = Counting(stop)

        class Ticking:
            def tick(self, now):
                ticks.append(now)
                return 0

        await asyncio.wait_for(clock.run(worker, Ticking(), stop, lambda: next(moments), pause=0.001), 5)
        return worker.steps

    steps = asyncio.run(main())
    assert len(steps) == 4
    assert ticks == [NOON, NOON + timedelta(seconds=31), NOON - timedelta(hours=1)]
    assert "canary" not in caplog.text


def test_a_round_that_hangs_is_left_behind_and_no_more_than_a_few(monkeypatch):
    monkeypatch.setattr(clock, "PATIENCE", 0.02)
    steps, through = [], asyncio.Event()

    class Hanging:
        async def step(self, now):
            steps.append(now)
            await through.wait()
            return 0

    async def main():
        stop = asyncio.Event()
        ticking = Clock(MemoryHolds(), lambda before, now: 0)
        running = asyncio.create_task(clock.run(Hanging(), ticking, stop, lambda: NOON, pause=0.001))
        await asyncio.sleep(0.5)
        assert len(steps) == clock.BESIDE
        through.set()
        await asyncio.sleep(0.1)
        assert len(steps) > clock.BESIDE
        stop.set()
        await asyncio.wait_for(running, 2)

    asyncio.run(main())


def test_a_send_that_hangs_does_not_keep_the_process(monkeypatch):
    monkeypatch.setattr(clock, "GRACE", 0.05)

    class Hanging:
        async def step(self, now):
            await asyncio.Event().wait()

    async def main():
        stop = asyncio.Event()
        running = asyncio.create_task(clock.run(Hanging(), Clock(MemoryHolds(), lambda before, now: 0), stop, lambda: NOON))
        await asyncio.sleep(0.01)
        stop.set()
        await asyncio.wait_for(running, 2)

    asyncio.run(main())
