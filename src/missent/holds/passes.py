"""The pass: one header field by which missent knows a copy it has let go when that copy comes by again.

A released copy may be handed to the very mail server that asks missent about all its mail. The pass says: this message,
to this one recipient, was decided about. Its MAC covers sender, recipient, the message below it and an expiry; that it
is good for one passage only is the store's to say (`gateway.ports.PassBook`). Pure: key and time are parameters.

    Missent-Pass: 1 copy.7.12.0 1795435200 6f0c… 91be…
                  |  |           |          |     MAC of all before it
                  |  |           |          what it is bound to: HMAC over sender, recipient, digest
                  |  |           expiry, seconds since 1970 UTC
                  |  parcel, copy, posting, attempt
                  version
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from missent.nouns.address import Address

FIELD = "Missent-Pass"

GOOD_FOR = timedelta(days=5)
"""A queue on the way may keep a message that long (RFC 5321 4.5.4.1); after it, the message is judged again."""

_FIELD = re.compile(rb"^missent-pass[ \t]*:[^\n]*\n(?:[ \t][^\n]*(?:\n|\Z))*", re.IGNORECASE | re.MULTILINE)
_VALUE = re.compile(rb"1 ([a-z0-9.]{1,60}) ([0-9]{1,12}) ([0-9a-f]{64}) ([0-9a-f]{64})")
_LINE = re.compile(rb"[^\n]*\n(?:[ \t][^\n]*\n)*")
_FOLD = re.compile(rb"[ \t]*\r?\n[ \t]+")

_ON_THE_WAY = frozenset(
    b"received return-path delivered-to x-original-to received-spf authentication-results dkim-signature".split()
) | {b"arc-seal", b"arc-message-signature", b"arc-authentication-results"}
"""Trace fields: servers put them above what they pass on."""

_FILLED_IN = frozenset({b"date", b"message-id"})
"""Fields a server adds where they lack (RFC 6409 8)."""


@dataclass(frozen=True, slots=True)
class Pass:
    """A pass of ours, whatever it is fastened to.

    Attributes:
        id: parcel, copy, posting and attempt it was made for, with dots.
        bound: HMAC (hex) over sender, recipient and message.
        expires: UTC, whole seconds.
    """

    id: str
    bound: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class Bearer:
    """What a pass is fastened to: sender (None for `<>`), the one recipient, the message below the pass."""

    mail_from: Address | None
    rcpt: Address
    raw: bytes


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that came, its pass fields taken out.

    Attributes:
        raw: without them; the very octets given where there were none.
        values: of all pass fields, top first.
        below: offset in `raw` of what stood below the topmost one.
    """

    raw: bytes
    values: tuple[bytes, ...] = ()
    below: int = 0


def made(key: bytes, id_: str, bearer: Bearer, now: datetime) -> bytes:
    """The field as a line with CRLF, to stand at the very top of what is sent."""
    until = int((now + GOOD_FOR).timestamp())
    said = f"1 {id_} {until} {_bound(key, bearer)}"
    return f"{FIELD}: {said} {_mac(key, said.encode())}\r\n".encode()


def take_out(raw: bytes) -> Arrival:
    """Take every pass field out of a message, ours or not; linear in its header."""
    end = raw.find(b"\r\n\r\n")
    header = raw if end < 0 else raw[: end + 2]
    if b"missent-pass" not in header.lower():
        return Arrival(raw)
    found = list(_FIELD.finditer(header))
    if not found:
        return Arrival(raw)
    starts, ends = [0, *(f.end() for f in found)], [*(f.start() for f in found), len(raw)]
    kept = b"".join(raw[a:b] for a, b in zip(starts, ends, strict=True))
    return Arrival(kept, tuple(f[0].partition(b":")[2].strip() for f in found), found[0].start())


def read(key: bytes, arrival: Arrival) -> Pass | None:
    """The pass a message carries, if it carries exactly one, and we made it."""
    found = _VALUE.fullmatch(arrival.values[0]) if len(arrival.values) == 1 else None
    if found is None or not hmac.compare_digest(_mac(key, arrival.values[0][: found.start(4) - 1]), found[4].decode()):
        return None
    return Pass(found[1].decode(), found[3].decode(), datetime.fromtimestamp(int(found[2]), UTC))


def fits(key: bytes, shown: Pass, arrival: Arrival, envelope: tuple[Address | None, Address], now: datetime) -> bool:
    """Whether a pass was made for this message to this recipient and is not out of date.

    What servers on the way have put above it may be trace fields only.
    """
    if now >= shown.expires or any(name not in _ON_THE_WAY for name, _ in _lines(arrival.raw[: arrival.below])):
        return False
    return hmac.compare_digest(shown.bound, _bound(key, Bearer(*envelope, arrival.raw[arrival.below :])))


def digest(raw: bytes) -> str:
    """SHA-256 (hex) of a message as servers must leave it: folds, trace fields and trailing empty lines do not count."""
    if raw.startswith(b"\r\n"):
        header, body = b"", raw[2:]
    else:
        header, _, body = raw.partition(b"\r\n\r\n")
    sum_ = hashlib.sha256()
    for name, line in _lines(header):
        if name not in _ON_THE_WAY and name not in _FILLED_IN:
            sum_.update(_FOLD.sub(b" ", line).rstrip() + b"\n")
    sum_.update(b"\n" + body.rstrip(b"\r\n"))
    return sum_.hexdigest()


def _lines(header: bytes) -> list[tuple[bytes, bytes]]:
    """Lower-case name and octets of each field, folds included; a line that is no field has no name."""
    lines = _LINE.findall(header if header.endswith(b"\n") or not header else header + b"\r\n")
    return [(line.partition(b":")[0].strip().lower() if b":" in line else b"", line) for line in lines]


def _bound(key: bytes, bearer: Bearer) -> str:
    sender = bearer.mail_from.key if bearer.mail_from else ""
    said = "\n".join((sender, bearer.rcpt.key, digest(bearer.raw)))
    return _mac(key, b"bound\n" + said.encode("utf-8", "surrogatepass"))


def _mac(key: bytes, said: bytes) -> str:
    return hmac.digest(key, said, "sha256").hex()
