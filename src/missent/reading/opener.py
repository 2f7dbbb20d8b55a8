"""`Opener`: a message's octets to `Opened`, whatever is in it, within a time that is known beforehand."""

from collections.abc import Callable
from time import monotonic
from typing import Self

from missent.content.opened import Opened
from missent.message.model import Message
from missent.reading.budget import Budget
from missent.reading.errand import Errand
from missent.reading.gathering import Gathering, Into
from missent.reading.message import open_message
from missent.reading.pool import Pool
from missent.settings import ReadingSettings


class Opener:
    """Opens messages; shared by the threads of one process. Close it, or use it in `with`.

    Text and HTML are read at once, so that mail without attachments never starts a process; everything hostile is opened
    by a worker (`missent.reading.worker`).
    """

    def __init__(self, settings: ReadingSettings | None = None, ticks: Callable[[], float] = monotonic) -> None:
        self.settings = settings or ReadingSettings()
        self.pool = Pool(self.settings, ticks)
        self._ticks = ticks

    def open(self, raw: bytes, message: Message) -> Opened:
        """All that can be got out of a message. Never raises; what could not be read stands in `skipped`, and what
        `message.inspected` says already is not said twice. May wait for a worker.
        """
        opened, _ = self._open(raw, message, wait=True)
        return opened

    def open_here(self, raw: bytes, message: Message) -> Opened | None:
        """The same without ever waiting; None if a file needs a worker."""
        opened, waiting = self._open(raw, message, wait=False)
        return None if waiting else opened

    def _open(self, raw: bytes, message: Message, *, wait: bool) -> tuple[Opened, bool]:
        budget = Budget.of(self.settings, self._ticks, self.settings.seconds)
        gathering = Gathering(budget, said=frozenset(message.inspected.skipped))
        errand = Errand(self.pool, self.settings, gathering, self._ticks, self.settings.cpu_seconds, budget.until, wait)
        try:
            open_message(raw, message, Into(gathering, "", "", errand.open))
        finally:
            errand.done()
        return gathering.opened(), errand.waiting

    def close(self) -> None:
        """End the workers."""
        self.pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
