"""Plain text in whatever character set it is in."""

from missent.message.charsets import decode
from missent.reading import kinds
from missent.reading.gathering import File, Into


def read(file: File, into: Into) -> None:
    """The text; what is not in the character set it claims is read as best it can be, and said."""
    into.text(text_of(file, into))


def text_of(file: File, into: Into) -> str:
    """Its octets as text: a byte order mark counts more than what is declared."""
    text, trusted = decode(file.data, kinds.unicode_of(file.data) or file.charset or "utf-8")
    if not trusted and file.charset:
        into.skip("bad-charset")
    return text
