"""A note of Outlook as octets of RFC 5322 with MIME: header as it came over the wire where kept, else from the properties."""

import re
from base64 import b64encode, encodebytes
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote

from missent.archive.outlook.note import Attached, Note
from missent.archive.outlook.people import Person, author, recipient, sender
from missent.archive.outlook.properties import INTERNET_CODEPAGE, Properties, charset_of

_HEADERS, _SUBJECT, _MESSAGE_ID, _IN_REPLY_TO, _REFERENCES, _CLASS = 0x007D, 0x0037, 0x1035, 0x1042, 0x1039, 0x001A
_TEXT, _HTML, _FLAGS = 0x1000, 0x1013, 0x0E07
_TIMES = (0x0039, 0x0E06, 0x3007)  # submitted, delivered, created
_UNSENT = 0x8
_NAME, _SHORT_NAME, _MIME, _CONTENT_ID = 0x3707, 0x3704, 0x370E, 0x3712
_DEEPEST = 5
_BOUNDARY = "=_missent_{}_{:x}"
_MIME_FIELD = re.compile(r"(?:content-[\w-]+|mime-version)[ \t]*:", re.IGNORECASE)
_FIELD = re.compile(r"[!-9;-~]+[ \t]*:")
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")


def compose(note: Note, depth: int = 0) -> bytes:
    """The message. `note.missing` gets a reason for each thing that could not be told: a recipient without an address."""
    fields = "".join(f"{name}: {value}\r\n" for name, value in _header(note))
    parts = list(_parts(note, depth))
    if len(parts) == 1:
        return fields.encode() + b"MIME-Version: 1.0\r\n" + parts[0]
    boundary = _BOUNDARY.format(depth, sum(map(len, parts)))
    start = f'{fields}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n'.encode()
    line = f"--{boundary}\r\n".encode()
    return start + b"".join(line + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()


def _header(note: Note) -> Iterator[tuple[str, str]]:
    properties = note.properties
    kept = list(_kept(properties.text(_HEADERS)))
    yield from kept
    said = "\n".join(value for name, value in kept if name.lower() in {"to", "cc", "bcc"}).casefold()
    if not any(name.lower() == "from" for name, _ in kept):
        yield from _authors(properties)
    for one in note.recipients:
        kind, person = recipient(one)
        if kind and not person.address:
            note.missing.append("recipient-without-address")
        elif kind and person.address.casefold() not in said:
            yield kind, _mailbox(person)
    there = {name.lower() for name, _ in kept}
    for name, value in _facts(properties):
        if value and name.lower() not in there:
            yield name, value


def _authors(properties: Properties) -> Iterator[tuple[str, str]]:
    wrote, sent = author(properties), sender(properties)
    if wrote.address or wrote.name:
        yield "From", _mailbox(wrote)
    if sent.address and sent.address != wrote.address:
        yield "Sender", _mailbox(sent)


def _facts(properties: Properties) -> Iterator[tuple[str, str]]:
    at = properties.time(*_TIMES)
    yield "Date", _date(at)
    yield "Subject", _words(_plain_subject(properties.text(_SUBJECT)))
    for name, one in (("Message-ID", _MESSAGE_ID), ("In-Reply-To", _IN_REPLY_TO), ("References", _REFERENCES)):
        yield name, _line(properties.text(one))
    yield "X-Unsent", "1" if properties.number(_FLAGS) & _UNSENT else ""  # Outlook's own mark of a draft


def _kept(text: str) -> Iterator[tuple[str, str]]:
    """Fields as they came over the wire, without those of the MIME structure, which is made anew."""
    unfolded = re.sub(r"\r?\n[ \t]", "\r\n ", text).replace("\0", "")
    for line in re.split(r"\r?\n(?![ \t])", unfolded):
        if _FIELD.match(line) and not _MIME_FIELD.match(line):
            name, _, value = line.partition(":")
            yield name.strip(), value.strip()


def _parts(note: Note, depth: int) -> Iterator[bytes]:
    properties = note.properties
    text, html = properties.text(_TEXT), _html(properties)
    if text or not (html or note.rtf):
        yield _part("text/plain; charset=utf-8", text.encode())
    if html:
        yield html
    elif note.rtf and not text:
        yield _part("application/rtf", note.rtf)
    for one in note.attachments:
        yield _attachment(note, one, depth)


def _html(properties: Properties) -> bytes:
    octets = properties.octets(_HTML)
    if octets:
        charset = charset_of(properties.number(INTERNET_CODEPAGE) or properties.codepage)
        return _part(f"text/html; charset={charset}", octets)
    text = properties.text(_HTML)
    return _part("text/html; charset=utf-8", text.encode()) if text else b""


def _attachment(note: Note, one: Attached, depth: int) -> bytes:
    name = one.properties.text(_NAME, _SHORT_NAME)
    disposition = f"Content-Disposition: attachment{_filename(name)}\r\n"
    if isinstance(one.content, Note):
        if depth >= _DEEPEST:
            note.missing.append("too-deep-inside")
            return _part("text/plain; charset=utf-8", b"")
        inner = compose(one.content, depth + 1)
        note.missing += one.content.missing
        return f"Content-Type: message/rfc822\r\n{disposition}\r\n".encode() + inner
    kind = one.properties.text(_MIME).lower()
    if not _TYPE.fullmatch(kind) or kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"
    if content_id := _line(one.properties.text(_CONTENT_ID)).strip("<>"):
        disposition += f"Content-ID: <{content_id}>\r\n"
    return _part(kind, one.content, disposition)


def _part(kind: str, content: bytes, more: str = "") -> bytes:
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n{more}\r\n"
    return head.encode() + encodebytes(content).replace(b"\n", b"\r\n")


def _filename(name: str) -> str:
    """A parameter of RFC 2231: any name, in ASCII."""
    if not name:
        return ""
    return "; filename*=utf-8''" + quote(name, safe="")


def _mailbox(person: Person) -> str:
    address = f"<{_line(person.address)}>"
    name = person.name if person.name != person.address else ""
    if not name:
        return address
    quoted = '"{}"'.format(name.replace("\\", "\\\\").replace('"', '\\"')) if name.isascii() else _words(name)
    return f"{_line(quoted)} {address}"


def _words(text: str) -> str:
    """Text of a header field: as it is, or as encoded-words of RFC 2047, 15 characters each."""
    text = _line(text)
    if text.isascii():
        return text
    pieces = (text[at : at + 15] for at in range(0, len(text), 15))
    return "\r\n ".join(f"=?utf-8?B?{b64encode(piece.encode('utf-8', 'replace')).decode()}?=" for piece in pieces)


def _line(text: str) -> str:
    """Text that cannot end its field."""
    return " ".join(text.split())


def _plain_subject(text: str) -> str:
    """Without the mark of where its prefix ends ([MS-PST] 2.5.3.1.1.1)."""
    return text[2:] if text.startswith("\x01") else text


def _date(at: datetime | None) -> str:
    return format_datetime(at) if at and at.year < 10_000 else ""
