"""The embedded engine keeps its processes while it is entered, and replaces those that died."""

import os
import signal
from pathlib import Path
from typing import NamedTuple

import pytest

from missent.archive.scan.pool import Pool
from missent.archive.scan.taking import Progress
from missent.errors import StoreError


class Note(NamedTuple):
    """A task that writes down which process did it; `kill`: it dies before it is done, the first time."""

    folder: Path
    number: int
    kill: bool = False

    def run(self, show):
        if self.kill and not (self.folder / f"{self.number}.died").exists():
            (self.folder / f"{self.number}.died").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        (self.folder / str(self.number)).write_text(str(os.getpid()))
        show(Progress(self.number, 1, 0))


class Failing(NamedTuple):
    number: int

    def run(self, show):
        raise OSError(28, "No space left on device")


def pids(folder, numbers):
    return {int((folder / str(number)).read_text()) for number in numbers}


def test_processes_are_kept_between_calls(tmp_path):
    told = []
    with Pool(2) as pool:
        pool([Note(tmp_path, n) for n in range(6)], told.append)
        pool([Note(tmp_path, n) for n in range(6, 12)], told.append)
        pool([Note(tmp_path, 12)], told.append)
    assert len(told) == 13
    workers = pids(tmp_path, range(13))
    assert len(workers) <= 2
    assert os.getpid() not in workers


def test_one_that_died_while_idle_is_replaced(tmp_path):
    with Pool(2) as pool:
        pool([Note(tmp_path, n) for n in range(6)], lambda _: None)
        for pid in pids(tmp_path, range(6)):
            os.kill(pid, signal.SIGKILL)
        pool([Note(tmp_path, n) for n in range(6, 12)], lambda _: None)
    assert not pids(tmp_path, range(6)) & pids(tmp_path, range(6, 12))


def test_a_task_whose_worker_dies_is_done_by_another(tmp_path):
    Pool(2)([Note(tmp_path, n, kill=n % 3 == 0) for n in range(7)], lambda _: None)
    assert len(list(tmp_path.glob("*.died"))) == 3
    assert all((tmp_path / str(n)).exists() for n in range(7))


def test_a_task_that_fails_ends_it_with_its_reason():
    with pytest.raises(StoreError, match="No space left"), Pool(2) as pool:
        pool([Failing(n) for n in range(3)], lambda _: None)
