"""One message out of an archive, and where it stood."""

from types import MappingProxyType
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


REASONS = MappingProxyType(
    {
        "cannot-be-opened": "the file cannot be opened",
        "damaged-gzip": "the packed file is damaged from here on",
        "not-a-known-type": "the content is of no known kind of archive",
        "too-large": "a message longer than the limit of memory",
        "truncated-gzip": "the packed file ends too early",
    }
)
"""Why something of an archive could not be read: reason id -> what happened, in English; beside those of a message."""
