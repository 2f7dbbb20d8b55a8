"""History is told what was delivered, many messages at a time, while nobody waits for it.

Remembering a message costs more than judging it when each is a transaction of its own: so one thread tells, and what
comes meanwhile is its next batch.
"""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor

from missent.gateway.log import log_fault
from missent.nouns.sighting import Sighting

_GATHER = 0.2
"""Seconds sightings gather before they are told: twenty in one transaction cost a tenth of twenty transactions."""

_LONGEST = 5
"""Times `_GATHER` they gather while more come: a hundred in one transaction cost, each, six tenths of twenty."""

_ENOUGH = 100

_MOST = 1000
"""Sightings told at once: a batch is one transaction, and others want to write, too."""


class Remembering:
    """Takes sightings from the event loop, tells them in a thread of `threads`; whatever that raises is logged."""

    def __init__(self, learn: Callable[[Sequence[Sighting]], object], threads: Executor) -> None:
        self._learn = learn
        self._threads = threads
        self._lock = threading.Lock()
        self._waiting: list[Sighting] = []
        self._busy = False

    def tell(self, sighting: Sighting) -> None:
        """Tell it soon. Never waits."""
        with self._lock:
            self._waiting.append(sighting)
            if self._busy:
                return
            self._busy = True
        try:
            self._threads.submit(self._tell_all)
        except RuntimeError:  # the threads are closing: what was learned in the last of them is told by it
            self._tell_all()

    def _tell_all(self) -> None:
        self._gather()
        while batch := self._next():
            try:
                self._learn(batch)
            except Exception as error:  # noqa: BLE001 - the edge of a batch: it is delivered, whatever history says
                log_fault(error, "remember")
            self._gather()

    def _gather(self) -> None:
        for _ in range(_LONGEST):
            before = len(self._waiting)
            time.sleep(_GATHER)
            if len(self._waiting) == before or len(self._waiting) >= _ENOUGH:
                return

    def _next(self) -> list[Sighting]:
        with self._lock:
            batch, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
            self._busy = bool(batch)
            return batch
