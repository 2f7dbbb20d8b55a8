"""Was it accepted? One answer about one message and one recipient."""

from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple


class Accepted(NamedTuple):
    """What the logs say of one message to one recipient.

    Attributes:
        state: `yes`, `no` or `unknown`: whether the recipient's side took it.
        why: id of `WHYS`.
        host, ip: who answered last on its way; "" where nobody did.
        reply: what was answered, in the other side's words.
        at: when, UTC.
        where: the log lines of its way in order, as file and octet.
    """

    state: str
    why: str
    host: str = ""
    ip: str = ""
    reply: str = ""
    at: datetime | None = None
    where: tuple[str, ...] = ()


class Extra(NamedTuple):
    """A recipient that only the envelope knew: Bcc, a list's member, a forward.

    Attributes:
        rcpt: as it went out.
        orig_rcpt: the list or alias it came from, "" for none.
        sender: the reverse-path.
    """

    rcpt: str
    orig_rcpt: str
    sender: str
    at: datetime
    where: str


class Logged(NamedTuple):
    """A message as the logs know it: envelope and time, no content.

    Attributes:
        rcpts: every recipient it was handed on for, each once, as they came in where that is known.
    """

    message_id: str
    at: datetime
    sender: str
    rcpts: tuple[str, ...]
    where: str


WHYS = MappingProxyType(
    {
        # yes: the answering host is the recipient's side
        "named-alike": "the answering host bears the recipient's domain",
        "known-exchanger": "the answering host is a provider's mail exchanger, which takes mail for its customers only",
        "takes-only-this-domain": "the log's server delivers directly, and this host took mail for no other domain",
        "own-mailbox": "the recipient's mailbox is on our own server",
        # no
        "refused": "refused for good by the host named",
        "expired": "given up after the queue's lifetime",
        "discarded": "dropped by our own server",
        # unknown
        "no-logs": "no logs were given",
        "not-in-logs": "the logs do not know the message",
        "not-in-envelope": "the logs know the message, but no such recipient in its envelope",
        "deferred": "still waiting where the log ends",
        "expanded": "replaced by a list's members",
        "own-network": "taken by a host of our own network; its log is not given",
        "configured-relay": "taken by a host named as our relay; its log is not given",
        "known-relay": "taken by a provider's relay; its log is not given",
        "many-domains": "taken by a host that takes mail for unrelated domains; its log is not given",
        "unsure": "taken by a host of which nothing shows that it is the recipient's",
    }
)
"""Why an answer is as it is, in English. Nothing is looked up: MX records of the past are not to be had."""

YES = frozenset(("named-alike", "known-exchanger", "takes-only-this-domain", "own-mailbox"))
NO = frozenset(("refused", "expired", "discarded"))
