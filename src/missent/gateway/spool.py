"""The message on its way in: in memory up to a megabyte, beyond that in a file without a name, gone with its process."""

import asyncio
import tempfile

IN_MEMORY = 1 << 20


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
        self._file: tempfile.SpooledTemporaryFile[bytes] | None = None

    @property
    def too_large(self) -> bool:
        """Whether more came than is taken."""
        return self.size > self._most

    def write(self, octets: bytes) -> None:
        """Take a piece. What is beyond the limit is dropped: the refusal comes at the message's end."""
        self.size += len(octets)
        if self.too_large or self.full:
            return
        try:
            if self._file is None:
                self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - lives as long as the message
            self._file.write(octets)
        except OSError:
            self.full = True

    async def read(self) -> bytes:
        """All of it; a large one off the event loop."""
        return self._read() if self.size <= IN_MEMORY else await asyncio.to_thread(self._read)

    def close(self) -> None:
        """Forget it."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _read(self) -> bytes:
        if self._file is None:
            return b""
        self._file.seek(0)
        return self._file.read()
