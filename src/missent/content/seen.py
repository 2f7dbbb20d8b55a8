"""What was seen in one message, as data: made once for all recipients by `missent.content.seeing`, asked by the checks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from missent.content.markings.found import Found
from missent.content.opened import NOTHING_OPENED, Opened
from missent.nouns.address import Address
from missent.nouns.finding import Finding
from missent.nouns.verdict import Marking

if TYPE_CHECKING:  # a bare address is judged without them
    from missent.content.detectors.own_pattern import OwnPatterns
    from missent.content.detectors.registered_document import Registered


@dataclass(frozen=True, slots=True)
class How:
    """What a message is read with.

    Attributes:
        own_scheme: scheme in which bare words are read; "" takes the one of a government sender's country.
        sender: reverse-path or author; None for `<>`.
        key: up to 64 octets, with which values found are hashed; b"" leaves digests out.
        registered: documents that the register holds fingerprints of, made with the same key.
        own: the organisation's own patterns.
    """

    own_scheme: str = ""
    sender: Address | None = None
    key: bytes = field(default=b"", repr=False)
    registered: Registered | None = None
    own: OwnPatterns | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen.

    Attributes:
        opened: the texts and attachments it was seen in.
        markings: every marking with its place; marking: the high-water mark of all.
        sensitive: findings of the detectors, strongest first; true whoever receives the message.
    """

    opened: Opened = NOTHING_OPENED
    markings: tuple[Found, ...] = ()
    marking: Marking | None = None
    sensitive: tuple[Finding, ...] = ()


NOTHING_SEEN = Seen()
"""Where only addresses are known."""
