"""Ask what is known, then judge: the two steps that every caller of the engine takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from missent import engine
from missent.checks.company import company, machine
from missent.checks.context import Context
from missent.content.carried import marked
from missent.content.opened import NOTHING_OPENED, Opened
from missent.content.seen import NOTHING_SEEN, How, Seen
from missent.message.model import Message
from missent.nouns.address import Address
from missent.nouns.envelope import Client, Envelope, Recipient
from missent.nouns.verdict import Verdict
from missent.policy.model import Policy
from missent.recipients.asking import ask
from missent.recipients.history import History, Known, Question
from missent.recipients.model.traits import NO_TRAITS, Hashing, Text, traits_of
from missent.recipients.names import Names
from missent.recipients.register import Document, Register
from missent.recipients.weighing import NOTHING_WEIGHED, Weighed, Weigher, Weighing

if TYPE_CHECKING:
    from missent.content.detectors.own_pattern import OwnPatterns
    from missent.content.detectors.registered_document import Registered

_WORDLESS = NO_TRAITS.pack()


class _Matter(NamedTuple):
    """What is judged."""

    message: Message | None
    envelope: Envelope
    at: datetime
    opened: Opened = NOTHING_OPENED
    traits: bytes = b""


@dataclass(slots=True)
class Judging:
    """What one node judges with. `policy` and `register` are replaced whole when a new version arrives.

    Attributes:
        own_domains: canonical.
        own_scheme: scheme in which the organisation's bare markings are read; "" for none.
        weigher: the recipient model; None where there is no store.
        hashing: with which the words of a message are hashed for it; None leaves it without.
        key: with which values found in content and attachments are hashed; b"" leaves digests out.
        own_patterns: the organisation's own; None if its settings name no file.
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
    weigher: Weigher | None = None
    hashing: Hashing | None = None
    own_patterns: OwnPatterns | None = None
    _registered: tuple[tuple[Document, ...], Registered] | None = field(default=None, init=False, repr=False)

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
            message: what was read of it; None when only addresses are known, as at RCPT: the recipient model is not asked.
            envelope: who it is from and to.
            at: as of when.
            opened: what was got out of the message's parts.
            known: asked instead of `history`.
        """
        started = self.ticks()
        traits = traits_of_message(message, opened, self.hashing) if message and self.hashing is not None else b""
        matter = _Matter(message, envelope, at, marked(opened, self.key), traits)
        return self._judge(matter, known or self.history.known, started)

    def judge_addresses(self, envelope: Envelope, at: datetime) -> Verdict:
        """Judge everybody that a mail without words is meant for, by the recipient model as well.

        Unlike at RCPT all recipients are known; words that are not there are no evidence. Raises StoreError.
        """
        return self._judge(_Matter(None, envelope, at, traits=_WORDLESS), self.history.known, self.ticks())

    def _judge(self, matter: _Matter, known: Callable[[Question], Known], started: float) -> Verdict:
        message, envelope, at, opened, traits = matter
        question, resembling = ask(message, envelope, self.names, at, opened.carried)
        answer = known(question)
        seen = self._seen(opened, envelope.mail_from)
        weighed = self._weighed(matter)
        context = Context(at, self.own_domains, self.names, self.register, resembling, answer, seen, weighed)
        verdict = engine.judge(message, envelope, context, self.policy)
        elapsed = round((self.ticks() - started) * 1000, 3)
        return replace(verdict, elapsed_ms=elapsed, traits=traits, score=weighed.score, marks=opened.carried)

    def may_refuse(self, envelope: Envelope, at: datetime) -> bool:
        """Whether `judge` could block one of these addresses without their message; told without asking history."""
        return engine.may_refuse(envelope, Context(at, self.own_domains, self.names, self.register), self.policy)

    def _seen(self, opened: Opened, sender: Address | None) -> Seen:
        if opened is NOTHING_OPENED:
            return NOTHING_SEEN
        from missent.content.seeing import see  # grammars take a while to load, and a bare address needs none

        return see(opened, How(self.own_scheme, sender, self.key, self._documents(), self.own_patterns))

    def _documents(self) -> Registered | None:
        """The register's documents made ready, once for each version of the register."""
        documents = self.register.documents
        if not documents:
            return None
        if self._registered is None or self._registered[0] is not documents:
            from missent.content.detectors.registered_document import Registered

            self._registered = documents, Registered({d.id: d.fingerprints for d in documents})
        return self._registered[1]

    def _weighed(self, matter: _Matter) -> Weighed:
        """What the recipient model says: only of mail that a person wrote."""
        message, envelope, at, _, traits = matter
        if self.weigher is None or not traits or machine(message, envelope):
            return NOTHING_WEIGHED
        rcpts = tuple(company(message, envelope))
        shown = (*message.from_, *message.rcpts) if message else tuple(rcpt.address for rcpt in envelope.rcpts)
        names = {a.key: a.name for a in shown if a.name}
        asked = Weighing(envelope.sender_key, rcpts, names, at.timestamp(), traits, self.policy.prompts_per_thousand)
        return self.weigher.weigh(asked)

    def judge_address(self, mail_from: Address | None, rcpt: Address, at: datetime, client: Client | None = None) -> Verdict:
        """Judge one bare address, as at RCPT or when a sender corrects to it."""
        envelope = Envelope(mail_from, (Recipient(rcpt),), client=client or Client(own=True))
        return self.judge(None, envelope, at)

    def unjudged(self, envelope: Envelope, at: datetime, check: str, error: str) -> Verdict:
        """The verdict when judging itself failed or took too long: `check-failed`, and the policy decides."""
        context = Context(at, self.own_domains, self.names, self.register)
        return engine.unjudged(envelope, context, self.policy, check, error)


def traits_of_message(message: Message, opened: Opened, hashing: Hashing) -> bytes:
    """The hashed words of a message, packed: of its subject, what its sender wrote, and the quoted history."""
    texts = {kind: "\n".join(p.text for p in opened.pieces if p.where == kind) for kind in ("body", "quoted")}
    ids = (message.message_id, *message.references)
    return traits_of(Text(message.subject, texts["body"], texts["quoted"]), hashing, ids).pack()
