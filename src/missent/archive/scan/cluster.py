"""The distributed engine: the same tasks on Dask's scheduler, over as many machines as it has (extra `cluster`).

State folder and sources lie where every worker sees them under the same path (NFS, CephFS, a mounted bucket). Tasks write
their results there and return nothing, so a worker that is lost loses nothing; one that comes back late waits for the
lease of its shard. A message that kills workers is set aside by the shard itself, long before Dask gives a task up.
"""

from collections.abc import Callable, Iterable
from typing import Any, Self

from missent.archive.scan.pool import MOST_DEATHS, Task, cores
from missent.archive.scan.taking import Progress
from missent.errors import ConfigError, StoreError

_ANY = "127.0.0.1:0"  # pages of a cluster started here: two scans may run on one machine
GIVE_UP = 30.0
"""Seconds to wait for a scheduler."""


class Cluster:
    """A Dask cluster by its scheduler's address, or one of this machine's cores where none is given.

    Attributes:
        address: `tcp://host:8786`; "" starts workers here.
        workers: processes started here; 0 takes all cores.
    """

    def __init__(self, address: str = "", workers: int = 0) -> None:
        self.address = address
        self.workers = workers
        self._client: Any = None
        self._kept = 0

    def __call__(self, tasks: Iterable[Task], show: Callable[[Progress], None]) -> None:
        """Run all tasks. Raises ConfigError without Dask or its scheduler, StoreError if a task fails."""
        waiting = list(tasks)
        if not waiting:
            return
        with self:
            from distributed import as_completed

            futures = self._client.map(_run, waiting, pure=False, retries=0)
            for future in as_completed(futures):  # type: ignore[no-untyped-call]
                failed = future.exception()
                if failed is not None:
                    raise StoreError(f"scan: a worker failed: {type(failed).__name__}")
                for progress in future.result():
                    show(progress)

    def __enter__(self) -> Self:
        """Stay connected until it is left as often as it was entered; workers started here stay as long. Raises ConfigError."""
        if not self._kept:
            self._client = self._connected()
        self._kept += 1
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the cluster."""
        self._kept -= 1
        if not self._kept:
            self._client.close()

    def _connected(self) -> Any:
        try:
            import dask
            from distributed import Client
        except ImportError:
            raise ConfigError("--engine dask needs Dask: pip install 'missent[cluster]'") from None
        given = {"n_workers": self.workers or cores(), "threads_per_worker": 1, "processes": True, "dashboard_address": _ANY}
        with dask.config.set({"distributed.scheduler.allowed-failures": MOST_DEATHS, "distributed.admin.tick.limit": "1h"}):
            try:
                return Client(self.address, timeout=GIVE_UP) if self.address else Client(**given, protocol="tcp")  # type: ignore[no-untyped-call]
            except OSError as error:
                raise ConfigError(f"--engine dask:{self.address}: no scheduler answers there: {type(error).__name__}") from None


def _run(task: Task) -> list[Progress]:
    """Run a task on a worker; its last progress."""
    told: list[Progress] = []
    task.run(told.append)
    return told[-1:]
