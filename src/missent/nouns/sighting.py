"""One past message as history remembers it: who wrote to whom and when; no subject, no text."""

from dataclasses import dataclass
from datetime import datetime

from missent.nouns.address import Address
from missent.nouns.verdict import Marking


@dataclass(frozen=True, slots=True)
class Sighting:
    """What `learn` and the gateway tell history of one message.

    Attributes:
        message_id: Message-ID without angle brackets; "" where the mail has none.
        at: the message's own date (UTC).
        sender: author (From) of an archived message, reverse-path in the gateway.
        rcpts: To, Cc and Bcc, or the envelope.
        replies_to: Message-IDs of In-Reply-To and References, newest first.
        automatic: bounce, `<>`, auto-reply, list or "wrong address" notice: never counts as an answer.
        traits: keyed hashes of its words for the recipient model (`missent.recipients.model.traits`); b"" for none.
        score: the model's highest when it was judged; None where it was not.
        authentic: False where our own server recorded that DMARC failed: never counts as an answer.
        marking: its high-water mark, if that is more than open; None for none.
        marks: keyed hashes of its attachments (`missent.content.carried`).
    """

    message_id: str
    at: datetime
    sender: Address
    rcpts: tuple[Address, ...]
    replies_to: tuple[str, ...] = ()
    automatic: bool = False
    authentic: bool = True
    traits: bytes = b""
    score: float | None = None
    marks: tuple[bytes, ...] = ()
    marking: Marking | None = None
