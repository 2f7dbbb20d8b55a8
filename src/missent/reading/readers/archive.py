"""rar, cab and ISO images by libarchive, where that library is installed."""

from missent.reading.gathering import File, Into
from missent.reading.unreadable import Unreadable


def read(file: File, into: Into) -> None:
    """Each file within. Raises Unreadable, ImportError without the library."""
    preload()

    import libarchive
    from libarchive.exception import ArchiveError

    try:
        with libarchive.memory_reader(file.data) as archive:
            for entry in archive:
                into.budget.time()
                if entry.isfile:
                    into.inside(entry.pathname or "", _data(entry, len(file.data), into))
    except ArchiveError as error:
        encrypted = "ncrypt" in str(error) or "assphrase" in str(error)
        raise Unreadable("encrypted-archive" if encrypted else "damaged") from None


def _data(entry: "libarchive.entry.ArchiveEntry", packed: int, into: Into) -> bytes:  # type: ignore[name-defined]  # noqa: F821
    out = bytearray()
    for block in entry.get_blocks():
        out += block
        into.budget.unpacked(len(block))
        into.budget.grown(packed, len(out))
    return bytes(out)


def preload() -> None:
    """What is needed once a file is read. Raises ImportError where the library is not there."""
    try:
        import libarchive
    except (OSError, TypeError, AttributeError):
        raise ImportError("the library libarchive is not there") from None
    del libarchive
