"""Which reader reads what, and which readers may run where the message is judged.

`here` readers are pure Python over bounded text, or look at a few octets; all others run in a worker process.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

from missent.reading import kinds
from missent.reading.gathering import File, Into

Read = Callable[[File, Into], str | None]
"""Reads one file into its place; returns the media type it turned out to be, None if that is what it was told to be.
Raises Unreadable where it cannot go on."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One row: a module of this package, imported when first needed.

    Attributes:
        here: whether it may run outside a worker.
    """

    module: str
    here: bool = False

    def load(self) -> Read:
        """The module's `read`. Raises ImportError if what it needs is not installed."""
        read: Read = import_module(f"missent.reading.readers.{self.module}").read
        return read


_IMAGES = "png jpeg gif tiff webp heic avif wmf emf x-icon bmp"
_LIBARCHIVE = "vnd.rar vnd.ms-cab-compressed x-iso9660-image"
_STREAMS = "gzip x-bzip2 x-xz"

READERS = MappingProxyType(
    {
        kinds.PLAIN: Reader("plain", here=True),
        kinds.HTML: Reader("hypertext", here=True),
        kinds.CALENDAR: Reader("calendar", here=True),
        kinds.VCARD: Reader("vcard", here=True),
        kinds.XML: Reader("markup"),
        kinds.MAIL: Reader("mail"),
        kinds.PGP: Reader("pgp", here=True),
        kinds.PKCS7: Reader("pkcs7"),
        kinds.ZIP: Reader("zip"),
        kinds.TAR: Reader("tar"),
        "application/x-7z-compressed": Reader("sevenzip"),
        kinds.PDF: Reader("pdf"),
        kinds.OLE: Reader("ole"),
        kinds.RTF: Reader("rtf"),
        kinds.TNEF: Reader("tnef"),
        **{f"application/{name}": Reader("stream") for name in _STREAMS.split()},
        **{f"application/{name}": Reader("archive") for name in _LIBARCHIVE.split()},
        **{f"image/{name}": Reader("image", here=True) for name in _IMAGES.split()},
    }
)
"""Media type, told by content -> its reader. A type that is not here is `not-a-known-type`."""
