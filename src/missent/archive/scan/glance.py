"""Who wrote to whom and when, at the speed of one expression over the header; nothing of the body but its digest.

The same fields, addresses and dates as `missent.message.reading.read` gives, which reads what is out of the ordinary here
too: a header without end, bare CR, a field beyond the limits. A test holds the two together.
"""

import re
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import NamedTuple

from missent.archive.scan.digests import number, of_text
from missent.archive.scan.moments import UNKNOWN, moment, seconds
from missent.archive.scan.people import People, Who, others
from missent.message.automatic import AUTOMATIC, speaks_of_software
from missent.message.encoded import Decoder
from missent.message.header import unfold
from missent.message.identifiers import message_id, references
from missent.message.reading import read
from missent.nouns.address import Address
from missent.recipients.notices import is_robot, may_say_so, says_so
from missent.recipients.sightings import sighting_of

_NAMES = (b"from", b"sender", b"to", b"cc", b"bcc", b"subject", b"date", b"message-id", b"in-reply-to", b"references")


def _by_letter(names: Iterable[bytes]) -> bytes:
    """Alternatives behind their first letters: so most lines are passed over after one comparison."""
    ordered = groupby(sorted(names), key=lambda name: name[:1])
    return b"|".join(re.escape(first) + b"(?:" + b"|".join(re.escape(n[1:]) for n in rest) + b")" for first, rest in ordered)


_REPORT = rb"content-type(?=[ \t]*+:\s*+(?:multipart/report|message/))"
_FIELDS = re.compile(
    rb"\n(" + _by_letter((*_NAMES, *(AUTOMATIC.keys() - {b"content-type"}))) + rb"|" + _REPORT + rb")[ \t]*+:"
    rb"([^\n]*+(?:\n[ \t][^\n]*+)*+)"
)
"""Matched against the header in lower case; values are taken from the header itself. Content types are passed over that speak
of no software: nearly every mail has one.
"""

_ID = re.compile(rb"\s*<([!-;=?-~]{1,998})>\s*")
_ENCODED = re.compile(
    rb"\ncontent-transfer-encoding[ \t]*:[ \t]*(?:base64|quoted)|\ncontent-type[ \t]*:[ \t]*multipart", re.IGNORECASE
)
_LARGEST_HEADER = 1 << 16
_OPENING = 2_000
_EMPTY_LINE = re.compile(rb"\n\r?\n")
_NONE = [b""]
_WANTED = frozenset(_NAMES)
_TO = (b"to", b"cc", b"bcc")


class Glance(NamedTuple):
    """What a mail tells of itself.

    Attributes:
        one, same: numbers by which copies of one mail are known: Message-ID and author; author, date, subject and body.
        message_id: number of the Message-ID, 0 without.
        at: seconds since 1970 UTC; `UNKNOWN` if it has no date.
        rcpts: each once, the author left out.
        refs: numbers of the Message-IDs it answers.
        person: no software wrote it, and it does not say that it is no answer.
        report: whether it is a delivery report; notice: whether subject or beginning speak of a wrong or absent person.
        lost: reason why recipients may be missing, "" if none are.
    """

    one: int
    same: int
    message_id: int
    at: int
    sender: Who | None
    rcpts: tuple[Who, ...]
    refs: tuple[int, ...]
    person: bool
    report: bool
    notice: bool
    lost: str = ""


class Glancer:
    """Looks at messages, one after another. `own`, `meet`: see `People`."""

    def __init__(self, own: Callable[[str], bool], authserv_id: str = "", meet: Callable[[Who], None] | None = None) -> None:
        self._people = People(own, meet)
        self._authserv_id = authserv_id

    def look(self, raw: bytes) -> Glance:
        """One message. Never raises."""
        end, body = _ends(raw)
        head = raw[:end]
        if not end or end > _LARGEST_HEADER or (b"\r" in head and head.count(b"\r") != head.count(b"\r\n")):
            return self._carefully(raw)
        fields, software = _fields(b"\n" + head)
        authors = self._people.of_fields(fields.get(b"from", ())) or self._people.of_fields(fields.get(b"sender", ()))
        rcpts = self._people.of_fields([value for name in _TO if name in fields for value in fields[name]])
        at = moment(fields.get(b"date", _NONE)[0])
        if authors is None or rcpts is None or at == UNKNOWN or self._authserv_id:
            return self._carefully(raw)
        return self._glance(raw, body, _Read(authors, rcpts, at, fields, software))

    def addressed(self, glance: Glance, rcpts: Iterable[Address]) -> Glance:
        """The same mail sent to these, whatever its header says."""
        people = tuple(self._people.of_address(address) for address in rcpts if address.domain)
        return glance._replace(rcpts=others(people, glance.sender))

    def _glance(self, raw: bytes, body: int, found: "_Read") -> Glance:
        sender = found.authors[0] if found.authors else None
        subject = _flat(found.fields.get(b"subject", _NONE)[0])
        identity = _identity(found.fields)
        robot = found.software or (sender is not None and sender.robot)
        inbound = sender is not None and not sender.own and not robot
        notice = inbound and any(who.own for who in found.rcpts) and self._says_so(raw, body, subject)
        author = sender.key if sender else b""
        same = _same(author, found.at, subject, raw[body:])
        return Glance(
            number(identity + b"\n" + author) if identity else same,
            same,
            number(identity) if identity else 0,
            found.at,
            sender,
            others(found.rcpts, sender),
            _references(found.fields),
            not robot and not notice,
            found.software and _is_report(raw, body),
            notice,
        )

    def _says_so(self, raw: bytes, body: int, subject: bytes) -> bool:
        """Whether it says that it is no answer; text that is encoded is decoded first."""
        if b"=?" in subject or _ENCODED.search(raw, 0, body):
            message = read(raw)
            sighting = sighting_of(raw, message)
            return sighting is not None and sighting.automatic and not message.automatic
        start = raw[body : body + _OPENING]
        worth = not start.isascii() or may_say_so(start.lower())
        return says_so(subject.decode("latin-1"), start.decode("utf-8", "replace") if worth else "")

    def _carefully(self, raw: bytes) -> Glance:
        """The same from a message read whole."""
        message = read(raw)
        sighting = sighting_of(raw, message, self._authserv_id)
        author = next(iter(message.from_), message.sender)
        sender = self._people.of_address(author) if author and author.domain else None
        at = seconds(message.date or (sighting.at if sighting else None))
        key = author.key.encode("utf-8", "surrogatepass") if author else b""
        same = _same(key, at, message.subject.encode("utf-8", "surrogatepass"), message.body_sha256.encode())
        people = tuple(self._people.of_address(a) for a in message.rcpts if a.domain)
        software = message.automatic or (sender is not None and is_robot(sender.local))
        inbound = sender is not None and not sender.own and any(who.own for who in people)
        notice = inbound and not software and sighting is not None and sighting.automatic
        forged = sighting is not None and not sighting.authentic
        lost = [s.reason for s in message.inspected.skipped if s.reason in ("too-many-recipients", "header-too-large")]
        identity = message.message_id
        return Glance(
            number(identity.encode("utf-8", "surrogatepass") + b"\n" + key) if identity else same,
            same,
            of_text(identity),
            at,
            sender,
            others(people, sender),
            tuple(of_text(ref) for ref in message.references[:32]),
            not software and not forged and not notice,
            message.automatic and any("delivery-status" in part.kind for part in message.parts),
            notice,
            lost[0] if lost else "",
        )


class _Read(NamedTuple):
    authors: tuple[Who, ...]
    rcpts: tuple[Who, ...]
    at: int
    fields: dict[bytes, list[bytes]]
    software: bool


def _fields(head: bytes) -> tuple[dict[bytes, list[bytes]], bool]:
    """Values of the fields that are wanted, and whether another says that software wrote it."""
    fields: dict[bytes, list[bytes]] = {}
    software = False
    for match in _FIELDS.finditer(head.lower()):
        start, stop = match.span(2)
        name, value = match[1], head[start:stop]
        if name in fields:
            fields[name].append(value)
        elif name in _WANTED:
            fields[name] = [value]
        else:
            software = software or speaks_of_software(name, value)
    return fields, software


def _ends(raw: bytes) -> tuple[int, int]:
    """Where the header's last line ends and where the body starts; (0, 0) where that is not plain to see."""
    found = _EMPTY_LINE.search(raw)
    return found.span() if found and raw[:1] not in b"\r\n" else (0, 0)


def _is_report(raw: bytes, body: int) -> bool:
    return b"delivery-status" in raw[:body].lower() or b"message/delivery-status" in raw[body : body + 8_192]


def _identity(fields: dict[bytes, list[bytes]]) -> bytes:
    values = fields.get(b"message-id")
    if values and (plain := _ID.fullmatch(values[0])):
        return plain[1]
    return message_id(Decoder(0).raw(unfold(values[0][: 1 << 16]))).encode("utf-8", "surrogatepass") if values else b""


def _flat(value: bytes) -> bytes:
    """A value on one line."""
    return unfold(value) if b"\n" in value else value.strip()


def _references(fields: dict[bytes, list[bytes]]) -> tuple[int, ...]:
    answers, refs = fields.get(b"in-reply-to"), fields.get(b"references")
    if not answers and not refs:
        return ()
    texts = [Decoder(0).raw(unfold(found[0])) if found else "" for found in (answers, refs)]
    return tuple(of_text(ref) for ref in references(*texts)[:32])


def _same(author: bytes, at: int, subject: bytes, body: bytes) -> int:
    return number(b"%b\n%d\n%b\n%b" % (author, at, subject, body.rstrip()))
