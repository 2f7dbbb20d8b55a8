"""What a mail server's log tells, whatever server wrote it."""

from types import MappingProxyType
from typing import NamedTuple


class Handover(NamedTuple):
    """One attempt to hand one message for one recipient on; missing facts are "".

    Attributes:
        at: seconds since 1970-01-01 UTC.
        host: the machine that wrote the line, as it calls itself.
        queue_id: its name for the message; unique on that host for a while only.
        message_id: Message-ID without brackets.
        sender: reverse-path; "" is the null one, or not known yet while `message_id` is "" too.
        rcpt: the recipient as it went out.
        orig_rcpt: the recipient as it came in, where an alias, a list or a rewriting made another of it.
        relay_host, relay_ip: who answered. A delivery into a mailbox here has the agent's name and no address.
        dsn: enhanced status code (RFC 3463).
        status: one of `STATUSES`.
        response: what the other side said, its own words.
        next_queue_id: the name the next server gave the message ("queued as …").
        where: log file and octet of the line.
        sure: False where the log gives no year and it was guessed from the file.
    """

    at: float
    host: str
    queue_id: str
    message_id: str
    sender: str
    rcpt: str = ""
    orig_rcpt: str = ""
    relay_host: str = ""
    relay_ip: str = ""
    dsn: str = ""
    status: str = ""
    response: str = ""
    next_queue_id: str = ""
    where: str = ""
    sure: bool = True


class Queued(NamedTuple):
    """A message that was still queued when its log file ended: the next file's lines name only `queue_id`."""

    at: float
    host: str
    queue_id: str
    message_id: str
    sender: str


STATUSES = MappingProxyType(
    {
        "sent": "handed on, and the other side took responsibility (RFC 5321 4.2.5)",
        "delivered": "put into a mailbox or program by this server itself",
        "deferred": "not taken now, to be tried again",
        "bounced": "refused for good",
        "expired": "given up after the queue's lifetime",
        "discarded": "dropped by this server's own rule or filter",
        "expanded": "replaced by the members of a list or alias; they have lines of their own",
    }
)
"""Status of a handover -> what it means."""
