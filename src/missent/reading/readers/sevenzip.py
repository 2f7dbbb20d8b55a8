"""7z files, unpacked into memory a little at a time."""

from io import BytesIO
from typing import Any

from missent.reading.budget import Budget
from missent.reading.gathering import File, Into
from missent.reading.unreadable import Unreadable


def read(file: File, into: Into) -> None:
    """Each file within. Raises Unreadable."""
    import py7zr
    from py7zr.exceptions import PasswordRequired, UnsupportedCompressionMethodError

    try:
        with py7zr.SevenZipFile(BytesIO(file.data)) as archive:
            if archive.needs_password():
                raise Unreadable("encrypted-archive")
            for entry in archive.list():
                into.budget.time()
                if not entry.is_directory and entry.uncompressed > into.budget.largest:
                    raise Unreadable("too-large")
            kept = _Kept(into.budget, len(file.data))
            archive.extractall(factory=kept)
    except PasswordRequired:
        raise Unreadable("encrypted-archive") from None
    except UnsupportedCompressionMethodError:
        raise Unreadable("not-a-known-type") from None
    if kept.stopped:
        into.skip(kept.stopped)
    for name, member in kept.members.items():
        into.inside(name, bytes(member.data))


def preload() -> None:
    """What is needed once a file is read; py7zr asks psutil for the memory at hand."""
    import psutil
    import py7zr

    del psutil, py7zr


class _Kept:
    """Makes a place in memory for each file of an archive (py7zr's `WriterFactory`)."""

    def __init__(self, budget: Budget, packed: int) -> None:
        self.budget = budget
        self.packed = packed
        self.members: dict[str, _Member] = {}
        self.stopped = ""

    def create(self, filename: str) -> Any:
        """A place for one file."""
        member = _Member(self)
        self.members[filename] = member
        return member


class _Member:
    """One file's octets; what is beyond the budget is thrown away and said."""

    def __init__(self, kept: _Kept) -> None:
        self._kept = kept
        self.data = bytearray()

    def write(self, step: bytes) -> int:
        """Keep some octets."""
        if not self._kept.stopped:
            try:
                self._kept.budget.unpacked(len(step))
                self._kept.budget.grown(self._kept.packed, len(self.data) + len(step))
                self.data += step
            except Unreadable as stop:
                self._kept.stopped = stop.reason
        return len(step)

    def read(self, size: int | None = None) -> bytes:
        """Nothing is read back."""
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        """Nothing moves."""
        return 0

    def flush(self) -> None:
        """Nothing waits."""

    def size(self) -> int:
        """Octets kept."""
        return len(self.data)

    def close(self) -> None:
        """Nothing is held."""
