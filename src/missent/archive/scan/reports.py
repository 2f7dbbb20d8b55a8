"""A delivery report read (RFC 3464): who was not reached, and which message it is about.

Only what the report itself names: final and original recipients of those that failed, and the Message-ID in the part that
returns the message or its header (RFC 3462). Old reports without that structure are read by the address in an
`X-Failed-Recipients` field alone.
"""

import re
from typing import NamedTuple

from missent.message.decoding import content
from missent.message.identifiers import message_id
from missent.message.model import Message

_RECIPIENT = re.compile(
    rb"^(?:final|original)-recipient[ \t]*:[ \t]*(?:[\w-]+[ \t]*;)?[ \t]*<?([^\s<>;]+@[^\s<>;]+?)>?[ \t]*\r?$",
    re.IGNORECASE | re.MULTILINE,
)
_ACTION = re.compile(rb"^action[ \t]*:[ \t]*(\w+)", re.IGNORECASE | re.MULTILINE)
_FAILED = re.compile(rb"^x-failed-recipients[ \t]*:[ \t]*([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", re.IGNORECASE | re.MULTILINE)
_MESSAGE_ID = re.compile(rb"^message-id[ \t]*:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", re.IGNORECASE | re.MULTILINE)
_SERVER = re.compile(rb"^reporting-mta[ \t]*:[ \t]*(?:dns[ \t]*;)?([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(rb"[^\s<>,;]+@[^\s<>,;]+")
_MOST = 1 << 16


class Report(NamedTuple):
    """What a report says.

    Attributes:
        failed: keys of recipients that were not reached.
        about: Message-ID of the message, without angle brackets; "" if it does not say.
        server: host that wrote the report (Reporting-MTA), lower-case; "" if it does not say.
    """

    failed: frozenset[str]
    about: str
    server: str = ""


def read_report(raw: bytes, message: Message) -> Report:
    """Never raises; an empty report where nothing is understood."""
    failed: set[str] = set()
    about, server = b"", b""
    for part in message.parts:
        if part.kind in {"message/delivery-status", "message/global-delivery-status"}:
            status = content(raw, part, _MOST)
            failed |= _groups(status)
            server = server or _first(_SERVER, status)
        elif part.kind in {"text/rfc822-headers", "message/rfc822-headers"}:
            about = about or _first(_MESSAGE_ID, content(raw, part, _MOST))
    header = raw[: raw.find(b"\n\n") if b"\n\n" in raw else _MOST]
    if found := _FAILED.search(header[:_MOST]):
        failed |= {_key(address) for address in _ADDRESS.findall(found[1])}
    for nested in message.nested:
        about = about or _first(_MESSAGE_ID, raw[nested.head : nested.head + _MOST])
    if not about and failed:
        about = _last_id(raw)
    identity = message_id(about.decode("latin-1")) if about else ""
    return Report(frozenset(failed), identity, server.decode("latin-1").strip().lower().rstrip("."))


def _groups(status: bytes) -> set[str]:
    """Recipients of the groups whose action is `failed`."""
    failed = set()
    for group in re.split(rb"\r?\n[ \t]*\r?\n", status):
        action = _ACTION.search(group)
        if action is None or action[1].lower() == b"failed":
            failed |= {_key(address) for address in _RECIPIENT.findall(group)}
    return failed


def _key(address: bytes) -> str:
    local, _, domain = address.decode("utf-8", "replace").rpartition("@")
    return f"{local.casefold()}@{domain.lower().rstrip('.')}"


def _first(pattern: re.Pattern[bytes], header: bytes) -> bytes:
    found = pattern.search(header)
    return found[1] if found else b""


def _last_id(raw: bytes) -> bytes:
    """Message-IDs behind the report's own: in a returned message nobody declared."""
    found = _MESSAGE_ID.findall(raw[-_MOST:])
    return found[-1] if len(found) > 1 else b""
