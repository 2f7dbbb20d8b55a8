"""A hold: some recipients' copies of one message kept back until someone decides."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from missent.nouns.address import Address
from missent.nouns.envelope import MailOptions
from missent.nouns.finding import Finding


class State(StrEnum):
    """Where one copy stands; `missent.holds.transitions` says which step leads where.

    A WARNED copy was never kept back: it was let go at once, and its sender is told that it looks doubtful.
    """

    HELD = "held"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    RELEASED = "released"
    RETURNED = "returned"
    EXPIRED = "expired"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    WARNED = "warned"


class Step(StrEnum):
    """What moves a held copy on: a person's decision, the clock, the delivery, or the gateway whose client was refused."""

    CONFIRM = "confirm"
    CORRECT = "correct"
    RELEASE = "release"
    RETURN = "return"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    SEND = "send"
    ACCEPT = "accept"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class HeldCopy:
    """One recipient's copy.

    Attributes:
        id: number of the copy in the store; 0 before it is written.
        rule: the policy rule that held it, or warned of it.
        expires: when a copy that waits goes back; of no meaning for one that never waited.
        decide: who may let it go: "sender" or "reviewer".
        corrected_to: the address the sender meant, once said.
        notify, orcpt: DSN parameters of its RCPT TO.
        changed: when it came to its state; None before it is written.
        decided_by: actor (as in AuditEvent) of the decision, "" while none was taken.
        reason: free text of a reviewer.
        reply: the next hop's last word on this copy.
    """

    id: int
    rcpt: Address
    state: State
    rule: str
    decide: str
    findings: tuple[Finding, ...]
    expires: datetime
    suggestion: str | None = None
    corrected_to: str | None = None
    notify: str = ""
    orcpt: str = ""
    changed: datetime | None = None
    decided_by: str = ""
    reason: str = ""
    reply: str = ""

    @property
    def undelivered(self) -> bool:
        """Whether it was let go and the next hop did not take it; once its sender has the report it is `returned`."""
        return self.state is State.FAILED or (self.state is State.RETURNED and bool(self.reply))


@dataclass(frozen=True, slots=True)
class Hold:
    """One message of one sender with its held copies.

    Attributes:
        id: random, unguessable, URL-safe.
        mail_from: reverse-path; None for `<>`.
        key: reverse-path, Message-ID and body hash digested: transactions of the same message join by it.
        asks_sender: whether the sender may be written to (own domain, own network, no automatic mail).
        policy: version that held it.
        size: octets of the message.
        references: Message-IDs of the thread it answers, newest first, as in Message.
        traits: as in Sighting, for the day its copies are confirmed or corrected.
        score: as in Sighting.
    """

    id: str
    created: datetime
    mail_from: Address | None
    message_id: str
    key: str
    asks_sender: bool
    policy: str
    size: int
    copies: tuple[HeldCopy, ...]
    options: MailOptions = field(default=MailOptions())
    references: tuple[str, ...] = ()
    traits: bytes = field(default=b"", repr=False)
    score: float | None = None
