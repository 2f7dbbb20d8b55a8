"""The workers of one process, shared by its threads. None runs before a file needs one; one that died is replaced."""

import threading
from collections.abc import Callable

from missent.reading.process import Worker
from missent.reading.unreadable import Unreadable
from missent.settings import ReadingSettings


class Pool:
    """At most `settings.workers` processes. Safe to use from several threads.

    Attributes:
        started: how many were started so far.
    """

    def __init__(self, settings: ReadingSettings, ticks: Callable[[], float]) -> None:
        self._settings = settings
        self._ticks = ticks
        self._free = threading.Semaphore(settings.workers)
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._closed = False
        self.started = 0

    def take(self, until: float) -> Worker:
        """A worker for one message; give it back. Raises Unreadable `reader-too-slow` if none is free in time,
        `not-opened` where there are none, `reader-crashed` where none can be started.
        """
        if not self._settings.workers or self._closed:
            raise Unreadable("not-opened")
        if not self._free.acquire(timeout=max(0.0, until - self._ticks())):
            raise Unreadable("reader-too-slow")
        try:
            return self._one()
        except BaseException:
            self._free.release()
            raise

    def give(self, worker: Worker) -> None:
        """A worker is done with its message."""
        with self._lock:
            keep = worker.alive() and not self._closed
            if keep:
                self._idle.append(worker)
        if not keep:
            worker.end()
        self._free.release()

    def replace(self, worker: Worker) -> Worker:
        """Another worker instead of one that cannot go on. Raises Unreadable `reader-crashed`."""
        worker.end()
        return self._one()

    def pids(self) -> list[int]:
        """Process ids of the idle workers."""
        with self._lock:
            return [worker.pid for worker in self._idle]

    def holds(self) -> tuple[str, ...]:
        """Which steps of confinement hold in the idle workers (`missent.reading.confining`)."""
        with self._lock:
            return tuple(dict.fromkeys(step for worker in self._idle for step in worker.holds))

    def close(self) -> None:
        """End all that are idle, and those at work when they are given back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()

    def _one(self) -> Worker:
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.alive():
                    return worker
                worker.end()
            self.started += 1
        try:
            return Worker(self._settings, self._ticks)
        except OSError:
            raise Unreadable("reader-crashed") from None
