"""One message's files: the harmless ones are read where they are, the others by a worker of the pool."""

from collections.abc import Callable
from dataclasses import dataclass

from missent.reading import kinds
from missent.reading.gathering import File, Gathering
from missent.reading.opening import enter, open_file
from missent.reading.pool import Pool
from missent.reading.process import Worker
from missent.reading.readers.registry import READERS
from missent.reading.unreadable import Unreadable
from missent.settings import ReadingSettings

_SMALL = 1_000_000


@dataclass(slots=True)
class Errand:
    """What one message may still use of the pool.

    Attributes:
        seconds: processor time left for its files.
        until: moment of `ticks` at which its files are left alone.
        wait: whether a worker may be waited for.
        waiting: whether a file was left because it may not.
    """

    pool: Pool
    settings: ReadingSettings
    gathering: Gathering
    ticks: Callable[[], float]
    seconds: float
    until: float
    wait: bool = True
    worker: Worker | None = None
    waiting: bool = False

    def open(self, file: File) -> None:
        """Open one file, here or there. Never raises."""
        if self._is_harmless(file):
            open_file(file, self.gathering, inside=self.open)
            return
        if not self.wait:
            self.waiting = True
            return
        try:
            self.gathering.budget.file(file.depth)
            self._have_opened(file)
        except Unreadable as stop:
            enter(file, self.gathering)
            self.gathering.skip(file.path, stop.reason)

    def _is_harmless(self, file: File) -> bool:
        """Whether a file may be read where the message is judged."""
        kind = kinds.told(file.data)
        reader = READERS.get(kind)
        if reader is None:
            return True
        if kind.startswith("image/"):
            return not self.settings.ocr and not kinds.is_also_zip(file.data, kind)
        return reader.here and len(file.data) <= _SMALL

    def done(self) -> None:
        """The message needs no worker any more."""
        if self.worker is not None:
            self.pool.give(self.worker)
            self.worker = None

    def _have_opened(self, file: File) -> None:
        if self.seconds <= 0 or self.ticks() >= self.until:
            raise Unreadable("reader-too-slow")
        if self.worker is None:
            self.worker = self.pool.take(self.until)
        elif not self.worker.alive():
            self.worker = self.pool.replace(self.worker)
        budget = self.gathering.budget
        started = self.ticks()
        try:
            answer = self.worker.ask(file, budget.left(), self.seconds, self.until)
        except Unreadable:
            self.seconds -= self.ticks() - started
            raise
        self.seconds -= answer.seconds
        budget.spend(answer.left)
        self.gathering.add(answer.opened)
