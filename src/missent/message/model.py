"""A message as the rest of missent sees it."""

from dataclasses import dataclass, field
from datetime import datetime

from missent.nouns.address import Address
from missent.nouns.verdict import Inspected


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a message is read. Past a limit reading stops and says so in `Inspected.skipped`; nothing is raised.

    Attributes:
        header_bytes: octets of one header section.
        depth: MIME nesting.
        parts: MIME parts in all.
        part_header_bytes: octets of one part's own header section.
        recipients: addresses read from To, Cc and Bcc together.
        decoded_words: octets of RFC 2047 encoded-words decoded per field (decoding is quadratic in places).
    """

    header_bytes: int = 1 << 20
    depth: int = 50
    parts: int = 1000
    part_header_bytes: int = 16_384
    recipients: int = 50_000
    decoded_words: int = 64_000


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf of the MIME tree: where its content lies in the raw message and what it says it is. Nothing is decoded.

    Attributes:
        path: "1" for a message without parts, "1.2" for the second part of a multipart; never a file name.
        kind: media type, lower case.
        start, end: octets of the (transfer-encoded) content.
        encoding: transfer encoding, lower case, "" if not given.
        charset: as declared; smime: the `smime-type` parameter (RFC 8551).
        head: where its own header section starts; the message's own for a message that is one part.
    """

    path: str
    kind: str
    start: int
    end: int
    encoding: str = ""
    charset: str = ""
    smime: str = ""
    head: int = 0

    def ending(self, end: int) -> "Part":
        """The same part with its end known."""
        return Part(self.path, self.kind, self.start, end, self.encoding, self.charset, self.smime, self.head)


@dataclass(frozen=True, slots=True)
class Nested:
    """A message within the message (message/rfc822): its part's path, and where its own header section starts."""

    path: str
    head: int


@dataclass(frozen=True, slots=True)
class Message:
    """What was read of one RFC 5322 message. Reading never raises: what is wrong stands in `inspected.skipped`.

    Attributes:
        from_: authors; to, cc, bcc: with display names, in order, duplicates kept.
        date: UTC; None if absent or unreadable.
        message_id: without angle brackets; "" if absent.
        references: Message-IDs of In-Reply-To and References without brackets, newest first, no duplicates.
        automatic: Auto-Submitted other than "no" (RFC 3834), Precedence bulk/list/junk, List-Id or List-Unsubscribe,
            an automatic-reply header of a common product, or a delivery report.
        received: number of Received fields (hops).
        body_sha256: hex digest of everything after the header section, as received.
        parts: leaves of the MIME tree, as spans of the raw message.
        nested: the messages within, whose leaves stand in `parts` too.
    """

    from_: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    sender: Address | None = None
    subject: str = ""
    date: datetime | None = None
    message_id: str = ""
    references: tuple[str, ...] = ()
    automatic: bool = False
    received: int = 0
    body_sha256: str = ""
    size: int = 0
    parts: tuple[Part, ...] = ()
    nested: tuple[Nested, ...] = ()
    inspected: Inspected = field(default=Inspected())

    @property
    def rcpts(self) -> tuple[Address, ...]:
        """To, Cc and Bcc, each address once, in order."""
        first: dict[str, Address] = {}
        for address in (*self.to, *self.cc, *self.bcc):
            first.setdefault(address.key, address)
        return tuple(first.values())
