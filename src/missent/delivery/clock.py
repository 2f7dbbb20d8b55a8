"""What time alone does: held copies expire, bodies of settled holds are forgotten; and the loop that lets it happen."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from missent.delivery.worker import Worker
from missent.errors import StoreError
from missent.holds.book import HoldBook

log = logging.getLogger(__name__)


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

    A store that is away is waited for; what was leased is another's when the lease ends.
    """
    ticked = datetime.min.replace(tzinfo=time().tzinfo)
    while not stop.is_set():
        now, took = time(), 0
        try:
            if now - ticked >= timedelta(seconds=ticks) or now < ticked:
                await asyncio.to_thread(clock.tick, now)
                ticked = now
            took = await worker.step(now)
        except StoreError as error:
            log.warning("the store is away: %s", type(error).__name__)
        if not took:
            await _sleep(stop, pause)


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
