"""The embedded engine: all cores of this machine, and a worker that dies costs only what it had not yet written down.

`concurrent.futures` loses the whole job with one worker. Here each worker has a pipe; when it dies its task goes to a
fresh one, and the task itself knows where it stood and which message to pass over (`missent.archive.scan.marks`).
"""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Protocol, Self

from missent.archive.scan.taking import Progress
from missent.errors import StoreError

MOST_DEATHS = 30
"""Workers one task may cost: ten messages set aside."""


class Task(Protocol):
    """A piece of work that can be sent to a process, and taken up again where it was."""

    def run(self, show: Callable[[Progress], None]) -> None:
        """Do what is left of it."""
        ...


Worker = tuple[Connection, BaseProcess]
"""A process, and the pipe that tells it what to do."""

Engine = Callable[[Iterable[Task], Callable[[Progress], None]], None]
"""Runs all tasks, in no order that matters; returns when all are done. Raises StoreError if one cannot be."""


def here(tasks: Iterable[Task], show: Callable[[Progress], None]) -> None:
    """One after another in this process: the engine for little work, and the measure of the others."""
    for task in tasks:
        task.run(show)


@contextmanager
def kept(engine: Engine) -> Iterator[Engine]:
    """An engine that keeps what it started until all is done, if it is one that can."""
    keeping: Any = engine if hasattr(engine, "__enter__") else nullcontext()
    with keeping:
        yield engine


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Pool:
    """Processes that take tasks. Call it with tasks; used in `with`, it keeps its processes from one call to the next.

    Attributes:
        size: processes; 0 takes all cores.
    """

    def __init__(self, size: int = 0) -> None:
        self.size = size or cores()
        self._idle: list[Worker] = []
        self._kept = 0

    def __call__(self, tasks: Iterable[Task], show: Callable[[Progress], None]) -> None:
        """Run all tasks. Raises StoreError if a task fails, or kills worker after worker."""
        waiting = deque(tasks)
        if self.size < 2 or (len(waiting) < 2 and not self._idle):
            return here(waiting, show)
        with self:
            _Run(waiting, self._idle, self.size, show).run()
        return None

    def __enter__(self) -> Self:
        """Keep processes until it is left as often as it was entered."""
        self._kept += 1
        return self

    def __exit__(self, *_: object) -> None:
        """End them."""
        self._kept -= 1
        if not self._kept:
            self._end()

    def _end(self) -> None:
        while self._idle:
            pipe, process = self._idle.pop()
            pipe.close()
            process.join()


class _Run:
    def __init__(self, waiting: deque[Task], idle: list[Worker], size: int, show: Callable[[Progress], None]) -> None:
        self._waiting = waiting
        self._idle = idle
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
        mine, process = self._idle.pop() if self._idle else self._fresh()
        self._workers[mine] = (process, task)
        try:
            mine.send(task)
        except OSError:  # it died while it was idle: reading its pipe says so
            return

    def _fresh(self) -> Worker:
        mine, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(theirs,), daemon=True)
        process.start()
        theirs.close()
        return mine, process

    def _hear(self, pipe: Connection) -> None:
        process, task = self._workers[pipe]
        try:
            told = pipe.recv()
        except (EOFError, ConnectionResetError):
            self._bury(pipe, process, task)
            return
        if isinstance(told, Progress):
            self._show(told)
        elif isinstance(told, str):
            raise StoreError(f"scan: a worker failed: {told}")
        else:
            del self._workers[pipe]
            self._idle.append((pipe, process))

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
        while True:
            task = pipe.recv()
            try:
                task.run(pipe.send)
            except Exception as error:  # noqa: BLE001 - the edge of a process
                pipe.send(f"{type(error).__name__}: {error if isinstance(error, OSError) else 'see the state folder'}")
                return
            pipe.send(None)
    except (EOFError, KeyboardInterrupt, BrokenPipeError):
        return
