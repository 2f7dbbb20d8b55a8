"""A message to what history remembers of it: who wrote to whom and when, and whether it can count as an answer."""

from collections.abc import Iterator
from datetime import datetime

from missent.message.dates import read_date
from missent.message.decoding import opening
from missent.message.header import section, unfold
from missent.message.model import Message
from missent.nouns.sighting import Sighting
from missent.recipients.authentication import authentic, dmarc
from missent.recipients.notices import is_robot, says_so

_HEADER = 1 << 18
_TRACE = frozenset({b"received", b"authentication-results"})


def sighting_of(raw: bytes, message: Message, authserv_id: str = "", traits: bytes = b"") -> Sighting | None:
    """What history keeps of an archived message; None where author, recipients or date are missing.

    The author is the first From, else Sender. A message without a Date has that of its newest Received field.
    `authserv_id`: the name our own server puts into Authentication-Results; "" believes none. `traits`: as in Sighting.
    """
    author = next(iter(message.from_), message.sender)
    trace = list(_trace(raw))
    at = message.date or _received(trace)
    if author is None or not author.domain or not message.rcpts or at is None:
        return None
    return Sighting(
        message_id=message.message_id,
        at=at,
        sender=author,
        rcpts=message.rcpts,
        replies_to=message.references,
        automatic=message.automatic or is_robot(author.local) or says_so(message.subject, opening(raw, message)),
        authentic=authentic(dmarc(trace, authserv_id)),
        traits=traits,
    )


def _trace(raw: bytes) -> Iterator[tuple[bytes, str]]:
    for name, start, end in section(raw, _HEADER).fields:
        if name in _TRACE:
            yield name, unfold(raw[start : min(end, start + 10_000)]).decode("latin-1")


def _received(trace: list[tuple[bytes, str]]) -> datetime | None:
    """The date behind the last semicolon of the topmost Received (RFC 5321 4.4)."""
    return next((read_date(value.rpartition(";")[2]) for name, value in trace if name == b"received"), None)
