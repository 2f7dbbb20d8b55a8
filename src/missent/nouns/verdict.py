"""What `judge` says of one message."""

from dataclasses import dataclass, field
from datetime import timedelta

from missent.nouns.action import Action
from missent.nouns.address import Address
from missent.nouns.finding import Finding


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that could not be read: where, and a reason id (`too-deep`, `no-header-end`, …)."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Inspected:
    """How much of a message was looked at; what was not is never a pass."""

    parts: int = 0
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class Marking:
    """A protective marking: the message's high-water mark in one scheme, and where it was found."""

    scheme: str
    level: str
    controls: tuple[str, ...]
    text: str
    where: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the policy says for one recipient, and the rule that said it.

    Attributes:
        scope: "recipient", or "message" when this copy's action is to hold for the whole message.
        decide: who may let a held copy go: "sender" or "reviewer".
        notify: for `warn`: whether the mail path writes to the sender.
        hold_for: how long a held copy waits before it expires.
    """

    action: Action
    rule: str
    scope: str = "recipient"
    decide: str = "sender"
    notify: bool = False
    hold_for: timedelta = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class RecipientVerdict:
    """One recipient's ruling and the findings about it."""

    address: Address
    ruling: Ruling
    findings: tuple[Finding, ...] = ()

    @property
    def action(self) -> Action:
        """What is to be done with this recipient's copy."""
        return self.ruling.action


@dataclass(frozen=True, slots=True)
class Verdict:
    """Actions, findings, deciding rules and the policy version that decided.

    Attributes:
        policy: "sha256:…" of the policy in force.
        findings: those that would be true with other recipients too.
        marks: keyed hashes of the message's attachments, for history; not part of its JSON either.
        traits, score: what the recipient model is to remember of the message (as in Sighting); not part of its JSON.
        elapsed_ms: time `judge` took, milliseconds; set by the caller that has a clock.
    """

    policy: str
    recipients: tuple[RecipientVerdict, ...]
    findings: tuple[Finding, ...] = ()
    marking: Marking | None = None
    inspected: Inspected = Inspected()
    elapsed_ms: float = 0.0
    traits: bytes = field(default=b"", repr=False)
    score: float | None = None
    marks: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def action(self) -> Action:
        """The strongest action over all recipients."""
        return max((r.action for r in self.recipients), default=Action.DELIVER)
