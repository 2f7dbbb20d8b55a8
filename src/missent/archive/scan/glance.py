"""Who wrote to whom and when, at the speed of one expression over the header; nothing of the body but its digest.

The same fields, addresses and dates as `missent.message.reading.read` gives, which reads what is out of the ordinary here
too: a header without end, bare CR, a field beyond the limits. A test holds the two together.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import blake2b
from itertools import groupby
from typing import NamedTuple

from missent.archive.scan.digests import number, of_text
from missent.message.addresses import Allowance, Mailbox, mailboxes
from missent.message.automatic import AUTOMATIC, speaks_of_software
from missent.message.dates import read_date
from missent.message.encoded import Decoder
from missent.message.header import unfold
from missent.message.identifiers import message_id, references
from missent.message.model import Limits
from missent.message.reading import read
from missent.nouns.address import Address
from missent.recipients.notices import is_robot, may_say_so, says_so
from missent.recipients.sightings import sighting_of

_NAMES = (b"from", b"sender", b"to", b"cc", b"bcc", b"subject", b"date", b"message-id", b"in-reply-to", b"references")


def _by_letter(names: Iterable[bytes]) -> bytes:
    """Alternatives behind their first letters: so most lines are passed over after one comparison."""
    ordered = groupby(sorted(names), key=lambda name: name[:1])
    return b"|".join(re.escape(first) + b"(?:" + b"|".join(re.escape(n[1:]) for n in rest) + b")" for first, rest in ordered)


_FIELDS = re.compile(rb"\n(" + _by_letter((*_NAMES, *AUTOMATIC)) + rb")[ \t]*+:([^\n]*+(?:\n[ \t][^\n]*+)*+)")
"""Matched against the header in lower case; values are taken from the header itself."""

_ID = re.compile(rb"\s*<([!-;=?-~]{1,998})>\s*")
_DATE = re.compile(rb"\s*(?:[A-Za-z]{3},\s)?(\d\d?) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)\b")
_ENCODED = re.compile(
    rb"\ncontent-transfer-encoding[ \t]*:[ \t]*(?:base64|quoted)|\ncontent-type[ \t]*:[ \t]*multipart", re.IGNORECASE
)
_LARGEST_HEADER = 1 << 16
_KEPT = 20_000
_OPENING = 2_000
_NONE = [b""]
_NOT_PLAIN = re.compile(rb"[\"();:\\\[\]='\r\0]")
_PLAIN_LIST = 1 << 18
UNKNOWN = -1
"""Stands for the moment of a mail that names none."""


class Who(NamedTuple):
    """One address as facts keep it: its number, its canonical parts, the display name, whether it is ours."""

    id: int
    local: str
    domain: str
    name: str
    own: bool


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
    """Looks at messages; remembers the lists of addresses it has read, for mailboxes repeat them."""

    def __init__(self, own: Callable[[str], bool], authserv_id: str = "") -> None:
        self._own = own
        self._authserv_id = authserv_id
        self._lists: dict[bytes, tuple[Who, ...]] = {}
        self._people: dict[tuple[str, str], Who] = {}
        self._written: dict[bytes, Who] = {}

    def look(self, raw: bytes) -> Glance:
        """One message. Never raises."""
        end, body = _ends(raw)
        head = raw[:end]
        if not end or end > _LARGEST_HEADER or (b"\r" in head and head.count(b"\r") != head.count(b"\r\n")):
            return self._carefully(raw)
        fields: dict[bytes, list[bytes]] = {}
        software = False
        head = b"\n" + head
        for match in _FIELDS.finditer(head.lower()):
            name = match[1]
            start, stop = match.span(2)
            if name in AUTOMATIC:
                software = software or speaks_of_software(name, head[start:stop])
            elif name in fields:
                fields[name].append(head[start:stop])
            else:
                fields[name] = [head[start:stop]]
        authors = self._addresses(fields.get(b"from", ())) or self._addresses(fields.get(b"sender", ()))
        rcpts = self._addresses([value for name in (b"to", b"cc", b"bcc") for value in fields.get(name, ())])
        at = _moment(fields.get(b"date", _NONE)[0])
        if authors is None or rcpts is None or at == UNKNOWN or self._authserv_id:
            return self._carefully(raw)
        return self._glance(raw, body, _Read(authors, rcpts, at, fields, software))

    def addressed(self, glance: Glance, rcpts: Iterable[Address]) -> Glance:
        """The same mail sent to these, whatever its header says."""
        people = tuple(self._who(address) for address in rcpts if address.domain)
        return glance._replace(rcpts=_others(people, glance.sender))

    def _glance(self, raw: bytes, body: int, found: "_Read") -> Glance:
        sender = found.authors[0] if found.authors else None
        subject = _flat(found.fields.get(b"subject", _NONE)[0])
        identity = _identity(found.fields)
        robot = found.software or (sender is not None and is_robot(sender.local))
        inbound = sender is not None and not sender.own and not robot
        notice = inbound and any(who.own for who in found.rcpts) and self._says_so(raw, body, subject)
        author = f"{sender.local}@{sender.domain}".encode("utf-8", "surrogatepass") if sender else b""
        same = _same(author, found.at, subject, raw[body:])
        return Glance(
            number(identity.encode("utf-8", "surrogatepass") + b"\n" + author) if identity else same,
            same,
            of_text(identity),
            found.at,
            sender,
            _others(found.rcpts, sender),
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

    def _addresses(self, values: "list[bytes] | tuple[bytes, ...]") -> tuple[Who, ...] | None:
        """Everybody in some fields; None if they are beyond the limits."""
        if not values:
            return ()
        if len(values) == 1:
            return self._listed(values[0])
        found: list[Who] = []
        for value in values:
            listed = self._listed(value)
            if listed is None:
                return None
            found += listed
        return tuple(found)

    def _listed(self, value: bytes) -> tuple[Who, ...] | None:
        known = self._lists.get(value)
        if known is not None:
            return known
        if people := self._pieces(value):
            return people
        allowance = Allowance.of(Limits().recipients)
        people = tuple([who for box in mailboxes(value, allowance) if (who := self._boxed(box)).domain])
        if allowance.exceeded:
            return None
        if len(value) < 2_000:
            if len(self._lists) >= _KEPT:
                self._lists.clear()
            self._lists[value] = people
        return people

    def _pieces(self, value: bytes) -> tuple[Who, ...] | None:
        """A list without quotes, groups and comments, each address looked up as it is written; None for any other list."""
        if len(value) > _PLAIN_LIST or not value.isascii() or _NOT_PLAIN.search(value):
            return None
        found = []
        for piece in value.split(b","):
            who = self._written.get(piece)
            if who is None:
                boxes = mailboxes(piece, Allowance.of(2)) if piece.count(b"@") == 1 else []
                if len(boxes) != 1:
                    return None
                if len(self._written) >= _KEPT:
                    self._written.clear()
                who = self._written[piece] = self._boxed(boxes[0])
            found.append(who)
        return tuple(found) if all(who.domain for who in found) else None

    def _boxed(self, box: Mailbox) -> Who:
        known = self._people.get((box.spec, box.name))
        if known is None:
            if len(self._people) >= _KEPT:
                self._people.clear()
            known = self._people[box.spec, box.name] = self._who(_address(box))
        return known

    def _who(self, address: Address) -> Who:
        name = "" if "@" in address.name else " ".join(address.name.split())[:200]
        key = address.key
        return Who(of_text(key), key.rpartition("@")[0], address.domain, name, self._own(address.domain))

    def _carefully(self, raw: bytes) -> Glance:
        """The same from a message read whole."""
        message = read(raw)
        sighting = sighting_of(raw, message, self._authserv_id)
        author = next(iter(message.from_), message.sender)
        sender = self._who(author) if author and author.domain else None
        at = _seconds(message.date or (sighting.at if sighting else None))
        key = author.key.encode("utf-8", "surrogatepass") if author else b""
        same = _same(key, at, message.subject.encode("utf-8", "surrogatepass"), message.body_sha256.encode())
        people = tuple(self._who(a) for a in message.rcpts if a.domain)
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
            _others(people, sender),
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


def _ends(raw: bytes) -> tuple[int, int]:
    """Where the header's last line ends and where the body starts; (0, 0) where that is not plain to see."""
    if raw.startswith((b"\n", b"\r")):
        return 0, 0
    plain, crlf = raw.find(b"\n\n"), raw.find(b"\n\r\n")
    if crlf >= 0 and (plain < 0 or crlf < plain):
        return crlf, crlf + 3
    return (plain, plain + 2) if plain > 0 else (0, 0)


def _others(people: tuple[Who, ...], sender: Who | None) -> tuple[Who, ...]:
    """Each once, with the name that stands first, the author left out."""
    if len(people) == 1:
        return () if sender and people[0].id == sender.id else people
    first = {sender.id: sender} if sender else {}
    for who in people:
        first.setdefault(who.id, who)
    return tuple(first.values())[1 if sender else 0 :]


def _address(box: Mailbox) -> Address:
    """A mailbox decoded for people, as `missent.message.addresses.addresses` does it."""
    decoder = Decoder(Limits().decoded_words)
    spec, name = (text if text.isascii() else decoder.raw(text.encode("latin-1")) for text in (box.spec, box.name))
    return Address.parse(spec, decoder.text(name))


def _is_report(raw: bytes, body: int) -> bool:
    return b"delivery-status" in raw[:body].lower() or b"message/delivery-status" in raw[body : body + 8_192]


def _identity(fields: dict[bytes, list[bytes]]) -> str:
    values = fields.get(b"message-id")
    if values and (plain := _ID.fullmatch(values[0])):
        return plain[1].decode("ascii")
    return message_id(Decoder(0).raw(unfold(values[0][: 1 << 16]))) if values else ""


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
    return number(b"%b\n%d\n%b\n%b" % (author, at, subject, blake2b(body.rstrip(), digest_size=16).digest()))


_MONTHS = {name: n for n, name in enumerate((b"jan feb mar apr may jun jul aug sep oct nov dec").split(), 1)}
_DAYS: dict[tuple[bytes, bytes, bytes], int] = {}


def _moment(value: bytes) -> int:
    """Seconds since 1970 of the usual form of a Date, else what `read_date` says."""
    match = _DATE.match(value)
    if match:
        day, month, year, hour, minute, second, sign, east, past = match.groups()
        days = _DAYS.get((day, month, year))
        if days is None and month.lower() in _MONTHS:
            try:
                days = datetime(int(year), _MONTHS[month.lower()], int(day)).toordinal() - 719_163  # noqa: DTZ001 - a day, no moment
            except ValueError:
                days = None
            if days is not None and len(_DAYS) < 100_000:
                _DAYS[day, month, year] = days
        if days is not None and int(hour) < 24 and int(minute) < 60:
            away = int(east) * 3600 + int(past) * 60
            clock = int(hour) * 3600 + int(minute) * 60 + min(int(second), 59)
            return max(0, days * 86_400 + clock + (away if sign == b"-" else -away))
    return _seconds(read_date(Decoder(0).raw(unfold(value[: 1 << 16]))))


def _seconds(at: datetime | None) -> int:
    return UNKNOWN if at is None else max(0, int(at.timestamp()))
