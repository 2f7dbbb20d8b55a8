"""How much of one message may still be opened. What is spent in a worker is spent for the message."""

from collections.abc import Callable
from dataclasses import dataclass

from missent.reading.unreadable import Unreadable
from missent.settings import ReadingSettings

_SMALL = 10_000_000


@dataclass(slots=True)
class Budget:
    """What is left for one message.

    Attributes:
        files, octets, chars: files within files to open, octets to unpack, characters of text to hand over.
        until: moment of `ticks` at which reading stops.
        ticks: a clock in seconds; processor time in a worker.
        ratio: how many times its packed size a file may grow to, once it is above 10 MB.
        depth: files within files.
        largest: octets of one file.
    """

    files: int
    octets: int
    chars: int
    until: float
    ticks: Callable[[], float]
    ratio: int
    depth: int
    largest: int

    @classmethod
    def of(cls, settings: ReadingSettings, ticks: Callable[[], float], seconds: float) -> "Budget":
        """A whole message's budget, from now on."""
        return cls(
            settings.max_files,
            settings.max_unpacked,
            settings.max_text,
            ticks() + seconds,
            ticks,
            settings.max_ratio,
            settings.max_depth,
            settings.max_file,
        )

    def file(self, depth: int) -> None:
        """One more file. Raises Unreadable: `too-deep`, `too-many-parts`, `reader-too-slow`."""
        if depth > self.depth:
            raise Unreadable("too-deep")
        if depth:  # a message's own parts are counted where they are read, and a file full of files must not hide them
            if self.files <= 0:
                raise Unreadable("too-many-parts")
            self.files -= 1
            self.time()

    def unpacked(self, octets: int) -> None:
        """So many octets more came out of a compressed file. Raises Unreadable: `too-large`, `reader-too-slow`."""
        self.octets -= octets
        if self.octets < 0:
            raise Unreadable("too-large")
        self.time()

    def grown(self, packed: int, unpacked: int) -> None:
        """What one file grew to. Raises Unreadable: `too-large` as a file, `too-compressed` for its packed size."""
        if unpacked > self.largest:
            raise Unreadable("too-large")
        if unpacked > _SMALL and unpacked > packed * self.ratio:
            raise Unreadable("too-compressed")

    def text(self, chars: int) -> int:
        """How many of so many characters may be handed over."""
        given = min(chars, self.chars)
        self.chars -= given
        return given

    def left(self) -> dict[str, int]:
        """All but the time, for a worker."""
        return {
            "files": self.files,
            "octets": self.octets,
            "chars": self.chars,
            "ratio": self.ratio,
            "depth": self.depth,
            "largest": self.largest,
        }

    def spend(self, left: dict[str, int]) -> None:
        """What a worker left of it; never more than there was."""
        self.files = min(self.files, left["files"])
        self.octets = min(self.octets, left["octets"])
        self.chars = min(self.chars, left["chars"])

    def time(self) -> None:
        """Raise Unreadable `reader-too-slow` when the time is up."""
        if self.ticks() > self.until:
            raise Unreadable("reader-too-slow")
