"""Subject and beginning of the worst messages, for a report in full: read again where they lie."""

from collections.abc import Iterable
from typing import NamedTuple

from missent.archive import originals
from missent.archive.scan.exposure import Exposure
from missent.message.decoding import opening
from missent.message.reading import read

LONGEST = 1_500
"""Characters of one text."""


class Excerpt(NamedTuple):
    """What a message says."""

    subject: str
    text: str


def excerpts(worst: Iterable[Exposure]) -> dict[int, Excerpt]:
    """By number of the mail; one that no source has any more is left out."""
    found: dict[int, Excerpt] = {}
    for exposure in worst:
        if exposure.number not in found and (raw := originals.message(exposure.where, exposure.message_id.strip("<>"))):
            message = read(raw)
            found[exposure.number] = Excerpt(message.subject, opening(raw, message, LONGEST).strip())
    return found
