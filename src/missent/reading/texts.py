"""A message's texts alone: what can be read in this process, for callers that learn from text and leave files shut."""

from missent.content.opened import Opened
from missent.message.model import Message
from missent.reading.opener import Opener
from missent.settings import ReadingSettings

_HERE = Opener(ReadingSettings(workers=0))


def open_texts(raw: bytes, message: Message) -> Opened:
    """Open what needs no worker; every other file is skipped as `not-opened`. Never raises."""
    return _HERE.open(raw, message)
