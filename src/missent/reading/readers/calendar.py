"""Invitations (iCalendar RFC 5545, iTIP RFC 5546): what people read in them, and who is asked to come."""

import binascii
import re
from collections.abc import Iterator

from missent.reading.gathering import File, Into
from missent.reading.markup import text_of as text_of_html
from missent.reading.readers.plain import text_of

_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r'([A-Za-z-]+)((?:;[A-Za-z-]+=(?:"[^"\n]*"|[^;:"\n]*)){0,30}):([^\n]*)')
_PARAMETER = re.compile(r';([A-Za-z-]+)=(?:"([^"\n]*)"|([^;:"\n]*))')
_TEXTS_WORDS = """
    DESCRIPTION LOCATION COMMENT CONTACT CATEGORIES RESOURCES URL CONFERENCE CLASS
"""
_TEXTS = frozenset(_TEXTS_WORDS.split())
_PEOPLE = frozenset(("ATTENDEE", "ORGANIZER"))
_ESCAPE = re.compile(r"\\([nN,;\\])")


def read(file: File, into: Into) -> None:
    """Texts line by line, people as `name <address>`, an event's summary as a subject: a marking stands there as it does in
    one. Files that stand in it are opened.
    """
    lines: list[str] = []
    for name, given, value in content_lines(text_of(file, into)):
        if name == "SUMMARY":
            into.text(unescape(value), "subject")
        elif name in _TEXTS:
            lines.append(unescape(value))
        elif name in _PEOPLE:
            address = re.sub("(?i)^mailto:", "", value.strip())
            lines.append(f"{given.get('CN', '')} <{address}>".strip())
        elif name == "X-ALT-DESC":
            lines.append(text_of_html(unescape(value)))
        elif name == "ATTACH" and given.get("ENCODING", "").upper() == "BASE64":
            into.inside(given.get("FILENAME") or given.get("X-FILENAME", ""), inline(value), given.get("FMTTYPE", ""))
        elif name == "ATTACH":
            lines.append(value)
    into.text("\n".join(lines))


def content_lines(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Name in upper case, parameters and value of each line, unfolded (RFC 5545 3.1, RFC 6350 3.2)."""
    for line in _FOLD.sub("", text).splitlines():
        if match := _LINE.match(line.partition(".")[2] if re.match(r"[A-Za-z0-9]{1,12}\.", line) else line):
            given = {key.upper(): quoted or plain for key, quoted, plain in _PARAMETER.findall(match[2])}
            yield match[1].upper(), given, match[3]


def unescape(value: str) -> str:
    """A TEXT value as it is read (RFC 5545 3.3.11)."""
    return _ESCAPE.sub(lambda m: "\n" if m[1] in "nN" else m[1], value)


def inline(value: str) -> bytes:
    """Octets of a base64 value; what is damaged gives what is there."""
    letters = re.sub(r"[^A-Za-z0-9+/]", "", value)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(letters + "=" * (-len(letters) % 4))
