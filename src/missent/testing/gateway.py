"""What relay and milter are tried with: a judge that rules by name, and a book whose disk can be full."""

import asyncio
import hashlib
from dataclasses import dataclass, field

from missent.errors import StoreError
from missent.gateway.ports import Judged
from missent.message.model import Message
from missent.nouns.action import Action
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Finding, Severity
from missent.nouns.hold import Hold
from missent.nouns.verdict import RecipientVerdict, Ruling, Verdict
from missent.testing.holds import MemoryHolds


class Book(MemoryHolds):
    """Holds in memory; `broken` makes it the full disk."""

    broken = False

    def keep(self, hold: Hold, body: bytes) -> Hold:
        """As the port says, unless it is broken."""
        if self.broken:
            raise StoreError("disk full")
        return super().keep(hold, body)

    @property
    def held(self) -> dict[str, str]:
        """State of every copy by recipient."""
        return {copy.rcpt.spec: copy.state.value for hold in self.find() for copy in hold.copies}


@dataclass
class Judge:
    """Rules by local part of the recipient (`warn@…`, which tells the sender, `hold@…`, `block@…`).

    `only_data` makes it silent on bare addresses.
    """

    seen: list[tuple[bytes | None, Envelope]] = field(default_factory=list)
    only_data: bool = False
    automatic: bool = False
    fault: Exception | None = None
    delay: float = 0.0

    async def __call__(self, raw: bytes | None, envelope: Envelope) -> Judged:
        """As the port says."""
        self.seen.append((raw, envelope))
        await asyncio.sleep(self.delay)
        if self.fault is not None:
            raise self.fault
        silent = raw is None and self.only_data
        rcpts = tuple(self._ruled(rcpt.address, silent=silent) for rcpt in envelope.rcpts)
        message = None
        if raw is not None:
            body = hashlib.sha256(raw).hexdigest()
            message = Message(message_id="1@a.example", automatic=self.automatic, body_sha256=body, size=len(raw))
        return Judged(Verdict("sha256:0", rcpts), message)

    def _ruled(self, address: Address, *, silent: bool) -> RecipientVerdict:
        word = address.local.casefold().partition("+")[0]
        action = {"warn": Action.WARN, "hold": Action.HOLD, "block": Action.BLOCK}.get(word, Action.DELIVER)
        if silent or action is Action.DELIVER:
            return RecipientVerdict(address, Ruling(Action.DELIVER, "default"))
        finding = Finding("lookalike-domain", Severity.HIGH, 0.9, address.key, f"{address.local}@right.example")
        return RecipientVerdict(address, Ruling(action, "lookalike", notify=True), (finding,))
