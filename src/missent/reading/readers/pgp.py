"""OpenPGP messages (RFC 9580): said, not guessed at."""

from missent.reading.gathering import File, Into
from missent.reading.unreadable import Unreadable


def read(file: File, into: Into) -> None:
    """Nothing of it can be read. Raises Unreadable."""
    raise Unreadable("encrypted-message")
