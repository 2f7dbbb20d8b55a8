"""The one thread that writes: what many producers want kept goes into one transaction, and one fsync, together.

Each function runs in its own SAVEPOINT, so that the fault of one touches no other; its future is resolved only after
the COMMIT. That is group commit (DeWitt et al., SIGMOD 1984): twice the holds a second of one transaction each.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from missent.errors import StoreError
from missent.nouns.audit import Head
from missent.store.chain import Chain
from missent.store.database import WRITES
from missent.store.faults import explained

T = TypeVar("T")

_TOGETHER = 100


class _Unreachable(Exception):
    """No transaction could even be begun: the same would befall every function waiting."""


@dataclass(slots=True)
class _Job(Generic[T]):
    function: Callable[[Connection], T]
    future: Future[T] = field(default_factory=Future)
    value: T | None = None
    error: Exception | None = None

    def run(self, connection: Connection) -> None:
        """Run inside the transaction; an error is kept for the future, and raised to undo the work."""
        self.error = None
        try:
            self.value = self.function(connection)
        except Exception as error:
            self.error = error
            raise

    def resolve(self) -> None:
        if self.error is None:
            self.future.set_result(self.value)  # type: ignore[arg-type]  # T itself may be None
        else:
            self.future.set_exception(explained(self.error) if isinstance(self.error, SQLAlchemyError) else self.error)


class Writer:
    """Runs functions in transactions, many in one.

    A function gets the connection, may run twice (after a race lost to another node, or when the transaction it shared
    had to be undone) and so must do nothing but read and write through that connection.

    Attributes:
        chain: lengthened by each transaction's audit events at its end.
        told: called after the COMMIT with the chain's new head, in the writing thread; must not raise.
    """

    def __init__(self, engine: Engine, chain: Chain, told: Callable[[Head], None]) -> None:
        self._engine = engine
        self._chain = chain
        self._told = told
        self._queue: SimpleQueue[_Job[Any] | None] = SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="missent-store-writer", daemon=True)
        self._thread.start()

    def submit(self, function: Callable[[Connection], T]) -> "Future[T]":
        """Queue a function; its future is resolved when its work is durable. Raises StoreError after `close`."""
        job = _Job(function)
        with self._closing:
            if self._closed:
                raise StoreError("store: it has been closed")
            self._queue.put(job)
        return job.future

    def close(self) -> None:
        """Finish what is queued, then stop."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        open_ = True
        while open_:
            jobs, open_ = self._next()
            jobs = [job for job in jobs if job.future.set_running_or_notify_cancel()]
            try:
                self._commit(jobs)
            except Exception as error:  # noqa: BLE001  the edge of a thread: whoever waits must hear of it
                for job in jobs:
                    job.error = error
            for job in jobs:
                job.resolve()

    def _next(self) -> tuple[list[_Job[Any]], bool]:
        """Wait for one job, take what else is there; False once the queue was closed."""
        jobs: list[_Job[Any]] = []
        job = self._queue.get()
        while job is not None:
            jobs.append(job)
            if len(jobs) == _TOGETHER:
                return jobs, True
            try:
                job = self._queue.get_nowait()
            except Empty:
                return jobs, True
        return jobs, False

    def _commit(self, jobs: list[_Job[Any]]) -> None:
        try:
            again = self._together(jobs) if len(jobs) > 1 else jobs
            for job in again:
                self._alone(job)
        except _Unreachable as error:
            for job in jobs:
                job.error = explained(error.__cause__)  # type: ignore[arg-type]  # raised from SQLAlchemyError only

    def _together(self, jobs: list[_Job[Any]]) -> list[_Job[Any]]:
        """Commit all in one transaction; returns those that must be tried alone."""
        try:
            with self._transaction() as connection:
                return [job for job in jobs if not self._in_savepoint(connection, job)]
        except SQLAlchemyError:
            return jobs  # a full disk may still have room for the small ones

    def _alone(self, job: _Job[Any]) -> None:
        """Commit one; a database error is met with one more try, for races and deadlocks between nodes."""
        for _ in range(2):
            try:
                with self._transaction() as connection:
                    job.run(connection)
            except DBAPIError as error:
                job.error = error
            except _Unreachable:
                raise
            except Exception as error:  # noqa: BLE001  the function's own, its caller's to handle
                job.error = error
                return
            else:
                return

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """One transaction, sealed and committed at its end. Raises _Unreachable if it cannot be begun."""
        try:
            connection = self._engine.connect().execution_options(**WRITES)
        except SQLAlchemyError as error:
            raise _Unreachable from error
        with connection:
            try:
                transaction = connection.begin()
            except SQLAlchemyError as error:
                raise _Unreachable from error
            with transaction:
                self._chain.begin(connection)
                yield connection
                head = self._chain.seal(connection)
        if head:
            self._told(head)

    def _in_savepoint(self, connection: Connection, job: _Job[Any]) -> bool:
        """Run one of several; False if the database refused it, which may be the others' doing."""
        mark = self._chain.mark(connection)
        connection.exec_driver_sql("SAVEPOINT job")
        try:
            job.run(connection)
        except Exception as error:  # noqa: BLE001  kept in the job, its caller's to handle
            connection.exec_driver_sql("ROLLBACK TO SAVEPOINT job")
            self._chain.cut(connection, mark)
            if isinstance(error, DBAPIError):
                return False
        connection.exec_driver_sql("RELEASE SAVEPOINT job")
        return True
