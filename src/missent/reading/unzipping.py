"""zip members, read a little at a time, so that what a file claims of itself costs nothing."""

import lzma
import zipfile
import zlib
from io import BytesIO

from missent.reading.budget import Budget
from missent.reading.unreadable import Unreadable

_STEP = 1 << 18
_ENCRYPTED = 0x1
_LARGEST_DIRECTORY = 8_000_000
_END = b"PK\x05\x06"


def open_zip(stream: BytesIO, budget: Budget) -> zipfile.ZipFile:
    """An archive whose directory is of a size that can be listed. Raises BadZipFile, Unreadable `too-many-parts`."""
    view = stream.getbuffer()
    tail = bytes(view[-66_000:])
    size = len(view)
    view.release()
    end = tail.rfind(_END)
    if end >= 0:
        listed = int.from_bytes(tail[end + 12 : end + 16], "little")
        if min(listed, size) > _LARGEST_DIRECTORY:
            raise Unreadable("too-many-parts")
    budget.time()
    return zipfile.ZipFile(stream)


class Package:
    """The members of one zip file.

    Attributes:
        data: the whole file.
        members: in the order of the directory; of several with one name the last is what programs open.
    """

    def __init__(self, archive: zipfile.ZipFile, data: bytes, budget: Budget) -> None:
        self.data = data
        self._archive = archive
        self._budget = budget
        self.members = archive.infolist()
        self._named = {member.filename.lower().lstrip("/"): member for member in self.members}

    def names(self, start: str = "", end: str = "") -> list[str]:
        """Names in lower case that begin and end so, numbered ones in their order."""
        found = (name for name in self._named if name.startswith(start) and name.endswith(end))
        return sorted(found, key=lambda name: (len(name), name))

    def has(self, name: str) -> bool:
        """Whether there is such a member; case does not matter."""
        return name.lower() in self._named

    def get(self, name: str) -> bytes:
        """A member's octets, empty if there is none. Raises Unreadable."""
        member = self._named.get(name.lower().lstrip("/"))
        return self.read(member) if member else b""

    def read(self, member: zipfile.ZipInfo) -> bytes:
        """A member's octets.

        Raises Unreadable: `encrypted-archive`, `too-large`, `too-compressed`, `reader-too-slow`, `damaged`.
        """
        if member.flag_bits & _ENCRYPTED:
            raise Unreadable("encrypted-archive")
        out = bytearray()
        try:
            with self._archive.open(member) as stream:
                while step := stream.read(_STEP):
                    out += step
                    self._budget.unpacked(len(step))
                    self._budget.grown(member.compress_size, len(out))
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError, ValueError):
            raise Unreadable("damaged") from None
        return bytes(out)
