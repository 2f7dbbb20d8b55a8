"""tar and zip: each member is written to a temporary file of our own name, then read like any other source.

Names of members stand in `where` and decide nothing: no path is made of them, so none can leave its place. What one file
may unpack to is bounded by its own size, members within members included, since a bomb is small and mail packs tenfold.
"""

import os
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, NamedTuple

from missent.archive.streams import Stream
from missent.nouns.verdict import Skipped

DEEPEST = 2
"""Containers within containers that are opened: a zip of zips."""

LEAST = 1 << 30
TIMES = 200
"""Octets that may come out of a container: so many, or so many times its own size if that is more."""

_CHUNK = 1 << 20
_OFFICE = frozenset(("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"))
_ENCRYPTED = 1
_DAMAGES: tuple[type[Exception], ...] = (tarfile.TarError, EOFError, ValueError, OSError)


class Budget:
    """Octets that may still come out of one outermost container."""

    def __init__(self, path: Path) -> None:
        self.left = max(LEAST, TIMES * path.stat().st_size)


class Member(NamedTuple):
    """One file out of a container: its name there, and where it lies until the next is asked for."""

    name: str
    path: Path


class Place(NamedTuple):
    """Where a member stands, and its last change (a log without years is dated by it)."""

    container: Path
    name: str
    changed: float


def is_tar(first: bytes) -> bool:
    """Whether a file begins with a tar header: its checksum is right (POSIX.1-2017 pax, ustar Interchange Format)."""
    block = first[:512]
    try:
        told = int(block[148:156].strip(b"\0 ") or b"x", 8)
    except ValueError:
        return False
    return len(block) == 512 and told == sum(block[:148]) + 8 * 32 + sum(block[156:])


def is_zip(first: bytes) -> bool:
    """Whether a file begins as zip archives do that hold something."""
    return first.startswith(b"PK\x03\x04")


def tar_members(path: Path, budget: Budget) -> Iterator[Member | Skipped]:
    """The files of a tar, packed as a whole or not. Raises OSError if it cannot be opened."""
    try:
        with _tar(path) as tar:
            for one in tar:
                if one.isreg():
                    file = tar.extractfile(one)
                    if file:
                        yield from _spilled(Place(path, one.name, one.mtime), file, budget)
                if budget.left < 0:
                    return
    except _DAMAGES as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        yield Skipped(str(path), "damaged-container")


def zip_members(path: Path, budget: Budget) -> Iterator[Member | Skipped]:
    """The files of a zip. An office document, which is a zip too, is no archive. Raises OSError if it cannot be opened."""
    try:
        with zipfile.ZipFile(path) as archive:
            if not _OFFICE.isdisjoint(archive.namelist()[:3]):
                yield Skipped(str(path), "not-a-known-type")
                return
            for one in archive.infolist():
                if not one.is_dir() and budget.left >= 0:
                    yield from _zipped(path, archive, one, budget)
    except (zipfile.BadZipFile, NotImplementedError):
        yield Skipped(str(path), "damaged-container")


def _zipped(path: Path, archive: zipfile.ZipFile, one: zipfile.ZipInfo, budget: Budget) -> Iterator[Member | Skipped]:
    if one.flag_bits & _ENCRYPTED:
        yield Skipped(f"{path}!{one.filename}", "encrypted-member")
        return
    try:
        with archive.open(one) as file:
            changed = datetime(*one.date_time, tzinfo=UTC).timestamp() if one.date_time[1] else 0.0
            yield from _spilled(Place(path, one.filename, changed), file, budget)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, ValueError):
        yield Skipped(f"{path}!{one.filename}", "damaged-container")


def _spilled(place: Place, file: IO[bytes], budget: Budget) -> Iterator[Member | Skipped]:
    with tempfile.NamedTemporaryFile(prefix="missent-") as spill:
        while chunk := file.read(_CHUNK):
            budget.left -= len(chunk)
            if budget.left < 0:
                yield Skipped(f"{place.container}!{place.name}", "too-much-inside")
                return
            spill.write(chunk)
        spill.flush()
        os.utime(spill.name, (place.changed, place.changed))
        yield Member(place.name, Path(spill.name))


@contextmanager
def _tar(path: Path) -> Iterator[tarfile.TarFile]:
    """Opened as a stream, packed as `missent.archive.packings` knows it: tarfile itself knows no zstd."""
    stream = Stream(path)
    with tarfile.open(fileobj=_Chunks(stream.chunks()), mode="r|") as tar:  # type: ignore[call-overload]
        yield tar
    if stream.damage:
        raise tarfile.ReadError(stream.damage)


class _Chunks:
    """Chunks with the one method that tarfile asks of a stream."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def read(self, size: int) -> bytes:
        """So many octets, fewer at the end."""
        parts = []
        while size > 0:
            if not self._rest:
                self._rest = memoryview(next(self._chunks, b""))
            if not self._rest:
                break
            parts.append(self._rest[:size])
            size -= len(parts[-1])
            self._rest = self._rest[len(parts[-1]) :]
        return b"".join(parts)
