"""Ask what is known, then judge: the two steps that every caller of the engine takes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from missent import engine
from missent.checks.context import Context
from missent.content.opened import NOTHING_OPENED, Opened
from missent.content.seen import NOTHING_SEEN, How, Seen
from missent.message.model import Message
from missent.nouns.address import Address
from missent.nouns.envelope import Client, Envelope, Recipient
from missent.nouns.verdict import Verdict
from missent.policy.model import Policy
from missent.recipients.asking import ask
from missent.recipients.history import History, Known, Question
from missent.recipients.names import Names
from missent.recipients.register import Register


@dataclass(slots=True)
class Judging:
    """What one node judges with. `policy` and `register` are replaced whole when a new version arrives.

    Attributes:
        own_domains: canonical.
        own_scheme: scheme in which the organisation's bare markings are read; "" for none.
        key: with which values found in content are hashed; b"" leaves digests out.
        ticks: a monotonic clock in seconds, for `Verdict.elapsed_ms`.
    """

    own_domains: frozenset[str]
    names: Names
    history: History
    policy: Policy
    ticks: Callable[[], float]
    register: Register = field(default_factory=Register)
    own_scheme: str = ""
    key: bytes = field(default=b"", repr=False)

    def judge(
        self,
        message: Message | None,
        envelope: Envelope,
        at: datetime,
        opened: Opened = NOTHING_OPENED,
        known: Callable[[Question], Known] | None = None,
    ) -> Verdict:
        """Fetch and judge. Raises StoreError if history cannot be asked; nothing else.

        Small messages are judged on the event loop: nothing in here waits for anything but what `known` is asked.

        Args:
            message: what was read of it; None when only addresses are known.
            envelope: who it is from and to.
            at: as of when.
            opened: what was got out of the message's parts, with the marks of its attachments (`missent.content.carried`).
            known: asked instead of `history`.
        """
        started = self.ticks()
        question, resembling = ask(message, envelope, self.names, at, opened.carried)
        answer = (known or self.history.known)(question)
        seen = self._seen(opened, envelope.mail_from)
        context = Context(at, self.own_domains, self.names, self.register, resembling, answer, seen)
        verdict = engine.judge(message, envelope, context, self.policy)
        return replace(verdict, elapsed_ms=round((self.ticks() - started) * 1000, 3))

    def may_refuse(self, envelope: Envelope, at: datetime) -> bool:
        """Whether `judge` could block one of these addresses without their message; told without asking history."""
        return engine.may_refuse(envelope, Context(at, self.own_domains, self.names, self.register), self.policy)

    def _seen(self, opened: Opened, sender: Address | None) -> Seen:
        if opened is NOTHING_OPENED:
            return NOTHING_SEEN
        from missent.content.seeing import see  # grammars take a while to load, and a bare address needs none

        return see(opened, How(self.own_scheme, sender, self.key))

    def judge_address(self, mail_from: Address | None, rcpt: Address, at: datetime, client: Client | None = None) -> Verdict:
        """Judge one bare address, as at RCPT or when a sender corrects to it."""
        envelope = Envelope(mail_from, (Recipient(rcpt),), client=client or Client(own=True))
        return self.judge(None, envelope, at)

    def unjudged(self, envelope: Envelope, at: datetime, check: str, error: str) -> Verdict:
        """The verdict when judging itself failed or took too long: `check-failed`, and the policy decides."""
        context = Context(at, self.own_domains, self.names, self.register)
        return engine.unjudged(envelope, context, self.policy, check, error)
