"""The embedded engine: all cores of this machine, and a worker that dies costs only what it had not yet written down.

`concurrent.futures` loses the whole job with one worker. Here each worker has a pipe; when it dies its task goes to a
fresh one, and the task itself knows where it stood and which message to pass over (`missent.archive.scan.marks`).
"""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Protocol

from missent.archive.scan.taking import Progress
from missent.errors import StoreError

MOST_DEATHS = 30
"""Workers one task may cost: ten messages set aside."""


class Task(Protocol):
    """A piece of work that can be sent to a process, and taken up again where it was."""

    def run(self, show: Callable[[Progress], None]) -> None:
        """Do what is left of it."""
        ...


Engine = Callable[[Iterable[Task], Callable[[Progress], None]], None]
"""Runs all tasks, in no order that matters; returns when all are done. Raises StoreError if one cannot be."""


def here(tasks: Iterable[Task], show: Callable[[Progress], None]) -> None:
    """One after another in this process: the engine for little work, and the measure of the others."""
    for task in tasks:
        task.run(show)


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Pool:
    """Processes that take tasks. Call it with tasks; it ends its processes before it returns.

    Attributes:
        size: processes; 0 takes all cores.
    """

    def __init__(self, size: int = 0) -> None:
        self.size = size or cores()

    def __call__(self, tasks: Iterable[Task], show: Callable[[Progress], None]) -> None:
        """Run all tasks. Raises StoreError if a task fails, or kills worker after worker."""
        waiting = deque(tasks)
        if len(waiting) < 2 or self.size < 2:
            return here(waiting, show)
        _Run(waiting, min(self.size, len(waiting)), show).run()
        return None


class _Run:
    def __init__(self, waiting: deque[Task], size: int, show: Callable[[Progress], None]) -> None:
        self._waiting = waiting
        self._size = size
        self._show = show
        self._context = multiprocessing.get_context("spawn")
        self._workers: dict[Connection, tuple[BaseProcess, Task]] = {}
        self._deaths: dict[int, int] = {}

    def run(self) -> None:
        try:
            while self._waiting or self._workers:
                while self._waiting and len(self._workers) < self._size:
                    self._start(self._waiting.popleft())
                for ready in wait(list(self._workers)):
                    assert isinstance(ready, Connection)  # noqa: S101 - only pipes are waited for
                    self._hear(ready)
        finally:
            for process, _ in self._workers.values():
                process.terminate()
            for process, _ in self._workers.values():
                process.join()

    def _start(self, task: Task) -> None:
        mine, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(theirs,), daemon=True)
        process.start()
        theirs.close()
        mine.send(task)
        self._workers[mine] = (process, task)

    def _hear(self, pipe: Connection) -> None:
        process, task = self._workers[pipe]
        try:
            told = pipe.recv()
        except EOFError:
            self._bury(pipe, process, task)
            return
        if isinstance(told, Progress):
            self._show(told)
        elif isinstance(told, str):
            raise StoreError(f"scan: a worker failed: {told}")
        elif self._waiting:
            task = self._waiting.popleft()
            self._workers[pipe] = (process, task)
            pipe.send(task)
        else:
            del self._workers[pipe]
            pipe.send(None)
            process.join()

    def _bury(self, pipe: Connection, process: BaseProcess, task: Task) -> None:
        process.join()
        del self._workers[pipe]
        self._deaths[id(task)] = deaths = self._deaths.get(id(task), 0) + 1
        if deaths >= MOST_DEATHS:
            raise StoreError(f"scan: {deaths} workers died over one shard: is there memory and room on the disk?")
        self._waiting.appendleft(task)


def _work(pipe: Connection) -> None:
    """What a worker does: tasks until there are none; what fails is told in a line, without content."""
    try:
        while task := pipe.recv():
            try:
                task.run(pipe.send)
            except Exception as error:  # noqa: BLE001 - the edge of a process
                pipe.send(f"{type(error).__name__}: {error if isinstance(error, OSError) else 'see the state folder'}")
                return
            pipe.send(None)
    except (EOFError, KeyboardInterrupt, BrokenPipeError):
        return
