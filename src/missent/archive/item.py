"""One message out of an archive, and where it stood."""

from typing import NamedTuple


class Item(NamedTuple):
    """A message as it was archived.

    Attributes:
        raw: the message without the archive's own marks (mbox separator and quoting).
        where: the source and the offset in it, `a.mbox:81234`; of a message that is a file of its own, the file.
        resume: where reading that source goes on behind this message.
    """

    raw: bytes
    where: str
    resume: int
