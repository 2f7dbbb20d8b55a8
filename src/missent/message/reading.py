"""`read`: octets to Message. Never raises, in linear time, exact on recipients; what cannot be read is said."""

from collections.abc import Sequence
from hashlib import sha256

from missent.message.addresses import Allowance, addresses
from missent.message.automatic import AUTOMATIC, speaks_of_software
from missent.message.dates import read_date
from missent.message.encoded import Decoder
from missent.message.header import Section, section, unfold
from missent.message.identifiers import message_id, references
from missent.message.model import Limits, Message
from missent.message.opaque import unreadable
from missent.message.structure import Walk
from missent.nouns.address import Address
from missent.nouns.verdict import Inspected, Skipped

_WANTED = frozenset(
    (b"from", b"sender", b"to", b"cc", b"bcc", b"subject", b"date", b"message-id", b"in-reply-to", b"references", b"received")
)
_LONGEST_TEXT = 1 << 16
_DEFAULTS = Limits()


def read(raw: bytes, limits: Limits = _DEFAULTS) -> Message:
    r"""What one message says about itself. Never raises: what could not be read stands in `inspected.skipped`, with the
    part's path or "header" and a reason of `missent.message.reasons`.

    >>> read(b"From: a@mod.example\nTo: Jane <jane@army.mil>; b@navy.mil\n\nHello").rcpts[1].spec
    'b@navy.mil'
    """
    head = section(raw, limits.header_bytes)
    fields = _Fields(raw, head, limits)
    to, cc, bcc = (fields.addresses(name) for name in (b"to", b"cc", b"bcc"))
    rcpts = fields.allowance
    fields.allowance = Allowance.of(1000)  # authors have their own
    walk = Walk(raw, limits)
    walk.run(head.fields, head.body)
    return Message(
        from_=fields.addresses(b"from"),
        to=to,
        cc=cc,
        bcc=bcc,
        sender=next(iter(fields.addresses(b"sender")), None),
        subject=fields.subject(),
        date=read_date(fields.text(b"date")),
        message_id=message_id(fields.text(b"message-id")),
        references=references(fields.text(b"in-reply-to"), fields.text(b"references", last=True)),
        automatic=fields.automatic,
        received=len(fields.values.get(b"received", ())),
        body_sha256=sha256(memoryview(raw)[head.body :]).hexdigest(),
        size=len(raw),
        parts=tuple(walk.parts),
        nested=tuple(walk.nested),
        inspected=Inspected(
            len(walk.parts), (*_header_skipped(raw, head, fields, rcpts), *walk.skipped, *unreadable(raw, walk.parts))
        ),
    )


class _Fields:
    """The wanted header fields of one message by name, and what came up while they were read."""

    def __init__(self, raw: bytes, head: Section, limits: Limits) -> None:
        self.decoder = Decoder(limits.decoded_words)
        self.allowance = Allowance.of(limits.recipients)
        self.limits = limits
        self.automatic = False
        self.values: dict[bytes, list[bytes]] = {}
        for name, start, end in head.fields:
            if name in _WANTED:
                self.values.setdefault(name, []).append(raw[start:end])
            if name in AUTOMATIC and not self.automatic:
                self.automatic = speaks_of_software(name, raw[start:end])

    def addresses(self, name: bytes) -> tuple[Address, ...]:
        """Addresses of every field of that name: a second `To` counts like the first."""
        found: list[Address] = []
        for value in self.values.get(name, ()):
            self.decoder.left = self.limits.decoded_words
            found += addresses(value, self.decoder, self.allowance)
        return tuple(found)

    def text(self, name: bytes, *, last: bool = False) -> str:
        """The first field of that name, unfolded; of a long one the beginning, or its end."""
        values: Sequence[bytes] = self.values.get(name, ())
        if not values:
            return ""
        value = values[0][-_LONGEST_TEXT:] if last else values[0][:_LONGEST_TEXT]
        return self.decoder.raw(unfold(value))

    def subject(self) -> str:
        """The subject as a person reads it."""
        self.decoder.left = self.limits.decoded_words
        return self.decoder.text(self.text(b"subject").replace("\0", ""))


def _header_skipped(raw: bytes, head: Section, fields: _Fields, rcpts: Allowance) -> list[Skipped]:
    wrong = {
        "no-header-end": not head.ended,
        "header-too-large": not head.whole,
        "too-many-recipients": rcpts.exceeded,
        "encoded-too-long": fields.decoder.exceeded,
        "bad-charset": not fields.decoder.trusted,
        "nul-bytes": raw.find(b"\0", 0, head.body) >= 0,
    }
    return [Skipped("header", reason) for reason, is_so in wrong.items() if is_so]
