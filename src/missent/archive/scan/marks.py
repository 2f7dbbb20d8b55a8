"""Which message a worker is at, kept where its death does not reach: so a message that kills its reader is set aside.

Every engine gives a task up after some deaths, and would give up a whole shard for one message. So each shard writes down
where it is, a few octets of mapped memory; who takes it up again sees that the last one died there, and after three
deaths at one place goes on behind it and says so. It is a lease as well: a lock that ends with the process.
"""

import fcntl
import mmap
import struct
from enum import IntEnum
from pathlib import Path
from types import TracebackType
from typing import Self

DEATHS = 3
"""At one place before it is passed over."""

_FORM = struct.Struct("<qqqqqqq")
_PLACE = struct.Struct("<qqq")


class Phase(IntEnum):
    """What a worker is doing."""

    NOTHING = 0
    READING = 1
    LOOKING = 2


class Mark:
    """The place of one shard; a context manager that holds the shard's lease.

    Attributes:
        deaths: how often a worker died at `fatal`.
        fatal: phase, piece and octet at which the last one died.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.deaths = 0
        self.fatal = (0, 0, 0)

    def __enter__(self) -> Self:
        """Take the lease, waiting for another worker that holds it. Raises OSError."""
        self._path.touch(mode=0o600)
        self._file = self._path.open("r+b")
        fcntl.lockf(self._file, fcntl.LOCK_EX)
        if self._path.stat().st_size < _FORM.size:
            self._file.write(bytes(_FORM.size))
            self._file.flush()
        self._map = mmap.mmap(self._file.fileno(), _FORM.size)
        phase, piece, at, self.deaths, *fatal = _FORM.unpack_from(self._map)
        self.fatal = (fatal[0], fatal[1], fatal[2])
        if phase != Phase.NOTHING:
            self.deaths = self.deaths + 1 if (phase, piece, at) == self.fatal else 1
            self.fatal = (phase, piece, at)
        _FORM.pack_into(self._map, 0, Phase.NOTHING, 0, 0, self.deaths, *self.fatal)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.set(Phase.NOTHING, 0, 0)
        self._map.close()
        self._file.close()

    def set(self, phase: Phase, piece: int, at: int) -> None:
        """Write down where the worker is."""
        _PLACE.pack_into(self._map, 0, phase, piece, at)

    def deadly(self, phase: Phase, piece: int, at: int) -> bool:
        """Whether workers have died there too often."""
        return self.deaths >= DEATHS and self.fatal == (phase, piece, at)
