"""What time alone does: held copies expire, bodies of settled holds are forgotten; and the loop that lets it happen."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta

from missent.delivery.worker import Worker
from missent.errors import StoreError
from missent.holds.book import HoldBook

log = logging.getLogger(__name__)

GRACE = 10.0
"""Seconds a message on its way may take once the process is to stop."""

PATIENCE = 2.0
"""Seconds after which a round that is not through is left behind, and the next begins."""

BESIDE = 4
"""Rounds at the same time."""


@dataclass(slots=True)
class Clock:
    """Expiry and purge.

    Attributes:
        purge: forgets bodies of holds settled before a moment (given that, and now); returns how many.
        keep: how long a settled hold's body stays, so that a DSN or a question can still be answered.
    """

    book: HoldBook
    purge: Callable[[datetime, datetime], int]
    keep: timedelta = timedelta(days=7)

    def tick(self, now: datetime) -> int:
        """Expire what is past its time, forget what is past its use; how many copies expired. Raises StoreError."""
        expired = self.book.expire(now)
        self.purge(now - self.keep, now)
        return len(expired)


async def run(
    worker: Worker, clock: Clock, stop: asyncio.Event, time: Callable[[], datetime], pause: float = 1.0, ticks: float = 30.0
) -> None:
    """Work until `stop` is set: send what is due every `pause` seconds, tick every `ticks` seconds.

    A store that is away is waited for. Once `stop` is set, what is under way has `GRACE` seconds; what is then cut off is
    sent again when its lease ends.
    """
    working = asyncio.create_task(_work(worker, clock, stop, time, (pause, ticks)))
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait({working}, timeout=GRACE)
    finally:
        working.cancel()
        stopped.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working


async def _work(
    worker: Worker, clock: Clock, stop: asyncio.Event, time: Callable[[], datetime], rhythm: tuple[float, float]
) -> None:
    pause, ticks = rhythm
    ticked: datetime | None = None
    rounds: set[asyncio.Task[int | None]] = set()
    try:
        while not stop.is_set():
            now = time()
            due = ticked is None or not timedelta(0) <= now - ticked < timedelta(seconds=ticks)
            if due and await _guarded(asyncio.to_thread(clock.tick, now)) is not None:
                ticked = now
            rounds.add(asyncio.create_task(_guarded(worker.step(now))))
            if not await _first(rounds):
                await _sleep(stop, pause)
        if rounds:
            await asyncio.wait(rounds)
    finally:
        for task in rounds:
            task.cancel()


async def _first(rounds: set["asyncio.Task[int | None]"]) -> int:
    """What the rounds that are through have taken. One whose next hop hangs is left behind after a while, so that others go
    on beside it; only so many of them.
    """
    done, _ = await asyncio.wait(rounds, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
    if not done and len(rounds) >= BESIDE:
        done, _ = await asyncio.wait(rounds, return_when=asyncio.FIRST_COMPLETED)
    rounds -= done
    return sum(task.result() or 0 for task in done) if done else 1


async def _guarded(work: Coroutine[None, None, int]) -> int | None:
    """Do it; None if it broke off, which is logged."""
    try:
        return await work
    except StoreError as error:
        log.warning("the store is away: %s", type(error).__name__)
    except Exception as error:  # noqa: BLE001 - mail must go on leaving, whatever one round met
        log.error("a round of delivery broke off: %s", type(error).__name__)  # noqa: TRY400 - it may quote content
    return None


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
