"""The port through which holds are kept and decided; `missent.store` implements it, `missent.testing` in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from missent.nouns.hold import HeldCopy, Hold, State, Step


@dataclass(frozen=True, slots=True)
class Decision:
    """One step somebody wants to take on one held copy.

    Attributes:
        actor: as in AuditEvent.actor.
        corrected_to: the right address, for Step.CORRECT.
        reason: free text a reviewer gave; kept with the copy, never in the audit chain.
    """

    hold_id: str
    copy_id: int
    step: Step
    actor: str
    at: datetime
    corrected_to: str | None = None
    reason: str = ""


class HoldBook(Protocol):
    """Keeps holds durably. Every method that writes has committed (fsync) when it returns.

    Writing, its audit event and what has to leave because of it (`missent.delivery`) are one transaction.
    """

    def keep(self, hold: Hold, body: bytes) -> Hold:
        """Keep copies back, or those warned of on record. Joins the open hold with the same `key` younger than an hour:
        copies already in it stay as they are, new ones are added, and the sender is not told or asked again (`holds.key`,
        `holds.consequences`). Returns the hold as it now stands.

        Raises StoreError if it could not be made durable.
        """
        ...

    def get(self, hold_id: str) -> Hold | None:
        """One hold with all its copies."""
        ...

    def find(
        self, state: State | None = None, limit: int = 100, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[Hold, ...]:
        """Newest first; with `state`, those having a copy in it; created from `since` on and before `until`."""
        ...

    def body(self, hold_id: str) -> bytes:
        """The message as it was received, byte for byte. Raises HoldError if there is no such hold."""
        ...

    def decide(self, decision: Decision) -> HeldCopy:
        """Take one step, exactly once. Raises HoldError if the copy's state does not allow it."""
        ...

    def withdraw(self, hold_id: str, copy_ids: Sequence[int], at: datetime) -> None:
        """Take Step.WITHDRAW on copies still held: the message they came with was refused to its client after all, whose
        server tells the sender. Nobody else is told, and the message sent again is a hold of its own.
        """
        ...

    def view(self, hold_id: str, actor: str, at: datetime) -> None:
        """Record in the chain of evidence that somebody looked at a held message."""
        ...

    def expire(self, now: datetime) -> tuple[HeldCopy, ...]:
        """Take Step.EXPIRE on every held copy past its time."""
        ...
