"""Why an answer is as it is. Nothing is looked up: MX records of the past are not to be had."""

from types import MappingProxyType

YES = frozenset(("named-alike", "known-exchanger", "takes-only-this-domain", "own-mailbox"))
"""The answering host is the recipient's side."""

NO = frozenset(("refused", "expired", "discarded"))
"""It went to nobody."""

WHYS = MappingProxyType(
    {
        "named-alike": "the answering host bears the recipient's domain",
        "known-exchanger": "the answering host is a provider's mail exchanger, which takes mail for its customers only",
        "takes-only-this-domain": "the log's server delivers directly, and this host took mail for no other domain",
        "own-mailbox": "the recipient's mailbox is on our own server",
        "refused": "refused for good by the host named",
        "expired": "given up after the queue's lifetime",
        "discarded": "dropped by our own server",
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
"""Reason id -> what it means, in English; those neither in `YES` nor in `NO` leave it unknown."""
