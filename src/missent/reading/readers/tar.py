"""tar files; only what is a file in them is looked at, and nothing is written anywhere."""

import tarfile
from io import BytesIO

from missent.reading.gathering import File, Into
from missent.reading.unreadable import Unreadable


def read(file: File, into: Into) -> None:
    """Each file within. Raises Unreadable."""
    try:
        with tarfile.open(fileobj=BytesIO(file.data), mode="r:") as archive:
            for member in archive:
                into.budget.time()
                if not member.isreg():
                    continue
                stream = archive.extractfile(member)
                data = stream.read(into.budget.largest) if stream else b""
                into.budget.unpacked(len(data))
                into.inside(member.name, data)
    except (tarfile.TarError, EOFError, ValueError):
        raise Unreadable("damaged") from None
