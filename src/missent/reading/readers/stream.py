"""gzip, bzip2 and xz: one file squeezed, often a tar."""

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import BinaryIO, cast

from missent.reading.gathering import File, Into

_STEP = 1 << 18
_OPEN: dict[int, Callable[[BytesIO], BinaryIO]] = {
    0x1F: lambda packed: cast("BinaryIO", gzip.GzipFile(fileobj=packed)),
    0x42: lambda packed: cast("BinaryIO", bz2.BZ2File(packed)),
    0xFD: lambda packed: cast("BinaryIO", lzma.LZMAFile(packed)),  # noqa: SIM115 — its caller closes it
}
"""By the first octet."""
_ENDINGS = {"tgz": "tar", "tbz": "tar", "tbz2": "tar", "txz": "tar", "svgz": "svg", "emz": "emf", "wmz": "wmf"}


def read(file: File, into: Into) -> None:
    """The file within. Raises Unreadable."""
    stem, _, last = file.name.rpartition(".")
    name = f"{stem}.{_ENDINGS[last.lower()]}" if last.lower() in _ENDINGS else stem
    into.inside(name, _unpacked(file, into))


def _unpacked(file: File, into: Into) -> bytes:
    out = bytearray()
    try:
        with _OPEN[file.data[0]](BytesIO(file.data)) as stream:
            while step := stream.read(_STEP):
                out += step
                into.budget.unpacked(len(step))
                into.budget.grown(len(file.data), len(out))
    except (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError):
        into.skip("damaged")
    return bytes(out)
