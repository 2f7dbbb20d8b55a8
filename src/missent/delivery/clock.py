"""What time alone does: held copies expire, bodies of settled holds are forgotten; and the loop that lets it happen."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from missent.delivery.worker import Worker
from missent.errors import StoreError
from missent.holds.book import HoldBook

log = logging.getLogger(__name__)

GRACE = 10.0
"""Seconds a message on its way may take once the process is to stop."""


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
    while not stop.is_set():
        now, took = time(), 0
        try:
            if ticked is None or not timedelta(0) <= now - ticked < timedelta(seconds=ticks):
                await asyncio.to_thread(clock.tick, now)
                ticked = now
            took = await worker.step(now)
        except StoreError as error:
            log.warning("the store is away: %s", type(error).__name__)
        except Exception as error:  # noqa: BLE001 - mail must go on leaving, whatever one round met
            log.error("a round of delivery broke off: %s", type(error).__name__)  # noqa: TRY400 - it may quote content
        if not took:
            await _sleep(stop, pause)


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
