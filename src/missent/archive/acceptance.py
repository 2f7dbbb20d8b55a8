"""Was it accepted? The port between mail-server logs and the investigation, and its nouns.

A log knows what a header does not: who really got a copy, Bcc and members of lists included, and what the other side
said. `missent.archive` joins logs into a `Deliveries`; the scan asks it about each exposure, and takes from it the
recipients no copy of the mail shows. `yes` is said only where the host that answered is the recipient's side; a
relay, filter or own host that took the mail says nothing of the recipient: `unknown`.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol


class Accepted(StrEnum):
    """Whether the recipient's side took the copy."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Acceptance(NamedTuple):
    """What is known of one recipient's copy.

    Attributes:
        accepted: the last word on it.
        host: name of the host that answered, "" if none is known.
        ip: its address, "" if none is known.
        replies: SMTP replies or statuses in order, as logged; never shown with the redacted report.
        where: the log lines it rests on, `mail.log:81234` (octet of the line's beginning).
        why: id of `missent.archive.deliveries.WHYS`; "" where no log was asked.
    """

    accepted: Accepted = Accepted.UNKNOWN
    host: str = ""
    ip: str = ""
    replies: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    why: str = ""

    @property
    def by(self) -> str:
        """Who answered, for `accepted_by`: the address, else the name, else ""."""
        return self.ip or self.host


NOT_KNOWN = Acceptance()
"""Where no log tells of it."""


class Transit(NamedTuple):
    """One recipient's copy as a log tells of it.

    Attributes:
        message_id: without angle brackets, "" where the log has none.
        mail_from: key of the reverse-path, "" for `<>`.
        rcpt: key of the recipient.
        at: when it was taken in or, failing that, sent on, UTC.
        acceptance: the answer.
    """

    message_id: str
    mail_from: str
    rcpt: str
    at: datetime
    acceptance: Acceptance


class Deliveries(Protocol):
    """What the logs of one investigation know."""

    def of(self, message_id: str, mail_from: str, rcpt: str, at: datetime | None) -> Acceptance:
        """What became of one recipient's copy; `NOT_KNOWN` if no log tells. Keys as in `Transit`.

        By Message-ID where the log has it, else by envelope and a time near `at`.
        """
        ...

    def transits(self) -> Iterator[Transit]:
        """Every recipient's copy the logs know of, in a fixed order."""
        ...


NEAR = timedelta(minutes=15)
"""A copy without Message-ID is the same mail if envelope and date agree to this much."""


class KnownDeliveries:
    """Deliveries held in memory: of a few logs, and of tests."""

    def __init__(self, transits: Iterable[Transit] = ()) -> None:
        self._all = tuple(transits)
        self._by_id: Mapping[tuple[str, str], Transit] = {(t.message_id, t.rcpt): t for t in self._all if t.message_id}

    def of(self, message_id: str, mail_from: str, rcpt: str, at: datetime | None) -> Acceptance:
        """See `Deliveries`."""
        if found := self._by_id.get((message_id, rcpt)):
            return found.acceptance
        if at is None:
            return NOT_KNOWN
        near = [t for t in self._all if (t.mail_from, t.rcpt) == (mail_from, rcpt) and abs(t.at - at) <= NEAR]
        return min(near, key=lambda t: abs(t.at - at)).acceptance if near else NOT_KNOWN

    def transits(self) -> Iterator[Transit]:
        """See `Deliveries`."""
        yield from self._all
