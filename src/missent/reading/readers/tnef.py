"""`winmail.dat`: what Outlook wraps a message and its attachments in (MS-OXTNEF)."""

from missent.reading.gathering import File, Into
from missent.reading.message import put_body
from missent.reading.readers import hypertext

_SUBJECT, _CONVERSATION = 0x0037, 0x0070
_PROPERTIES = frozenset((_SUBJECT, _CONVERSATION, 0x0E04, 0x0E03, 0x0C1A, 0x0042))


def read(file: File, into: Into) -> None:
    """The body in each of its forms, a few properties, and the attachments. Raises what the library raises."""
    from tnefparse import TNEF

    tnef = TNEF(file.data, do_checksum=False)
    if isinstance(tnef.htmlbody, (bytes, str)) and tnef.htmlbody:
        put_body(into, hypertext.shown(_text(tnef.htmlbody), into))
    elif tnef.body:
        put_body(into, _text(tnef.body))
    if rtf := tnef.rtfbody:
        into.inside("", rtf if isinstance(rtf, bytes) else rtf.encode("latin-1", "replace"))
    for attribute in tnef.mapiprops:
        if attribute.name in _PROPERTIES and isinstance(attribute.data, (str, bytes)):
            into.text(_text(attribute.data), "subject" if attribute.name == _SUBJECT else f"header:mapi-{attribute.name:04x}")
    for attachment in tnef.attachments:
        into.inside(attachment.long_filename() or "", bytes(attachment.data or b""))


def _text(said: bytes | str) -> str:
    return said.replace("\0", "") if isinstance(said, str) else said.decode("utf-8", "replace").replace("\0", "")


def preload() -> None:
    """What is needed once a file is read."""
    import tnefparse

    del tnefparse
