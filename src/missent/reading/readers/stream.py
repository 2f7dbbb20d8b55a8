"""gzip, bzip2 and xz: one file squeezed, often a tar."""

import bz2
import gzip
import lzma
import zlib
from io import BytesIO

from missent.reading.gathering import File, Into

_STEP = 1 << 18
_OPEN = {"\x1f": gzip.GzipFile, "B": bz2.BZ2File, "\xfd": lzma.LZMAFile}
_ENDINGS = {"tgz": "tar", "tbz": "tar", "tbz2": "tar", "txz": "tar", "svgz": "svg", "emz": "emf", "wmz": "wmf"}


def read(file: File, into: Into) -> None:
    """The file within. Raises Unreadable."""
    stem, _, last = file.name.rpartition(".")
    name = f"{stem}.{_ENDINGS[last.lower()]}" if last.lower() in _ENDINGS else stem
    into.inside(name, _unpacked(file, into))


def _unpacked(file: File, into: Into) -> bytes:
    stream = _OPEN[chr(file.data[0])](BytesIO(file.data))
    out = bytearray()
    try:
        while step := stream.read(_STEP):
            out += step
            into.budget.unpacked(len(step))
            into.budget.grown(len(file.data), len(out))
    except (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError):
        into.skip("damaged")
    return bytes(out)
