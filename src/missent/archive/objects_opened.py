"""An object being read, as a file: what its library raises becomes an OSError, which every reader of sources expects."""

from types import TracebackType
from typing import Any, Self


class Opened:
    """A readable, seekable binary file over one that fsspec opened."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        """At most so many octets, all without a size. Raises OSError."""
        try:
            return bytes(self._file.read(size))
        except OSError:
            raise
        except Exception as error:  # noqa: BLE001 - each service's library has errors of its own
            raise OSError(f"{type(error).__name__} while reading") from None

    def readinto(self, buffer: bytearray | memoryview) -> int:
        """Fill a buffer; how much there was. Raises OSError."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to an octet."""
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        """Where it is."""
        return int(self._file.tell())

    @staticmethod
    def readable() -> bool:
        """Always."""
        return True

    def close(self) -> None:
        """Let go of it."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
