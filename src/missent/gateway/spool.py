"""The message on its way in: in memory up to a megabyte, beyond that in a file without a name, gone with its process."""

import asyncio
import tempfile
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import IO

IN_MEMORY = 1 << 20

LARGE_AT_ONCE = 3
"""Messages from a file that are read back, judged and handed on at the same time: each needs some four times its size."""


class Turns:
    """Large messages one after another, small ones at once: memory stays bounded however many come together."""

    def __init__(self) -> None:
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)

    def turn(self, size: int) -> AbstractAsyncContextManager[object]:
        """To be held while a message of `size` octets is in memory."""
        return self._large if size > IN_MEMORY else nullcontext()


class Spool:
    """Octets of one message.

    Attributes:
        size: octets that came, kept or not.
        full: whether the disk could not take them.
    """

    def __init__(self, most: int) -> None:
        self.size = 0
        self.full = False
        self._most = most
        self._buffer = bytearray()
        self._file: IO[bytes] | None = None

    @property
    def too_large(self) -> bool:
        """Whether more came than is taken."""
        return self.size > self._most

    def write(self, octets: bytes) -> None:
        """Take a piece. What is beyond the limit is dropped: the refusal comes at the message's end."""
        self.size += len(octets)
        if self.size <= IN_MEMORY and self.size <= self._most:
            self._buffer += octets
        elif not self.too_large and not self.full:
            self._spill(octets)

    async def read(self) -> bytes:
        """All of it; a large one off the event loop."""
        return bytes(self._buffer) if self._file is None else await asyncio.to_thread(self._read, self._file)

    def close(self) -> None:
        """Forget it."""
        self._buffer.clear()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _spill(self, octets: bytes) -> None:
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the message
                self._file.write(self._buffer)
                self._buffer.clear()
            self._file.write(octets)
        except OSError:
            self.full = True

    def _read(self, file: IO[bytes]) -> bytes:
        file.seek(0)
        return file.read()
