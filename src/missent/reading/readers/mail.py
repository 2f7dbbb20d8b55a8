"""A message as a file: attached in an encoding, saved as .eml, or several in an mbox."""

import re

from missent.message.model import Limits
from missent.message.reading import read as read_message
from missent.reading.gathering import File, Into
from missent.reading.message import open_message

_SEPARATOR = re.compile(rb"\n\r?\nFrom [^\n]{3,200}\d\d:\d\d[^\n]{0,60}\n")
_LIMITS = Limits(parts=500, depth=30)


def read(file: File, into: Into) -> None:
    """Its subject, header and body under this file's place; what it carries is opened as files within.

    Of an mbox each message is a file within.
    """
    if file.data.startswith(b"From ") and _SEPARATOR.search(file.data):
        _mailbox(file, into)
        return
    message = read_message(file.data, _LIMITS)
    for skipped in message.inspected.skipped:
        into.skip(skipped.reason)
    open_message(file.data, message, into)


def _mailbox(file: File, into: Into) -> None:
    at = 0
    for match in _SEPARATOR.finditer(file.data):
        into.inside("", file.data[at : match.start() + 1])
        at = file.data.index(b"F", match.start())
    into.inside("", file.data[at:].partition(b"\n")[2])
