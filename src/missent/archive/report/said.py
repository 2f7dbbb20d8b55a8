"""What ids mean, in the few words a table has room for: findings, what came after, answers, reasons. Data, not code."""

from collections.abc import Mapping
from types import MappingProxyType

from missent.archive.item import REASONS

FINDINGS: Mapping[str, str] = MappingProxyType(
    {
        "above-ceiling": "marked higher than this recipient may receive",
        "asked": "asked about",
        "corrected-in-thread": "corrected later in the same conversation",
        "lookalike-address": "like the address of somebody else",
        "lookalike-domain": "like a domain one knows, and not it",
        "namesake": "another person of the same or a similar name",
        "not-releasable": "marking does not allow this nation or channel",
        "odd-recipient": "does not fit this conversation",
        "personal-address": "private address of somebody with another",
        "reply-all-outsider": "an outsider among the recipients of a reply",
        "restricted-tld": "under a restricted ending",
        "unmarked-sensitive": "sensitive content to an outside address",
        "wrong-attachment": "an attachment of another organisation",
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
