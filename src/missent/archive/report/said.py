"""What ids mean, in the few words a table has room for: findings, what came after, answers, reasons. Data, not code."""

from collections.abc import Mapping
from types import MappingProxyType

from missent.archive.item import REASONS

FINDINGS: Mapping[str, str] = MappingProxyType(
    {
        "above-ceiling": "may not receive what is marked so high",
        "asked": "was asked about",
        "corrected-in-thread": "was corrected later in the same conversation",
        "lookalike-address": "has an address like somebody else's",
        "lookalike-domain": "is at a domain like one that is known",
        "namesake": "is another person of the same or a similar name",
        "not-releasable": "is of a nation or channel that the marking shuts out",
        "odd-recipient": "does not fit this conversation",
        "personal-address": "is the private address of somebody who has another",
        "reply-all-outsider": "is an outsider among the recipients of a reply",
        "restricted-tld": "is under a restricted ending",
        "unmarked-sensitive": "is outside, and the content sensitive",
        "wrong-attachment": "got an attachment that is another organisation's",
    }
)
AFTERMATH: Mapping[str, str] = MappingProxyType(
    {
        "bounce": "came back as undeliverable",
        "wrong-address": "recipient said it was not for them",
        "delete-request": "sender asked for deletion",
        "recall": "sender recalled it",
        "sent-again": "sent again to the address that was meant",
    }
)
ACCEPTED: Mapping[str, str] = MappingProxyType({"yes": "accepted", "no": "refused", "unknown": "not known"})


def said(words: Mapping[str, str], name: str) -> str:
    """The words of an id; the id itself where there are none."""
    return words.get(name, name)


def reason(name: str) -> str:
    """Why something was not read, in words; "" where an id speaks for itself."""
    if name.startswith("failed-"):
        return "reading it failed"
    return REASONS.get(name, "")
