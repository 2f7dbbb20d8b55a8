"""From a verdict to what is done with each recipient's copy. Pure: identifiers and the time are given.

Whoever the verdict does not speak of is held: a recipient that was overlooked is not one that was cleared.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from missent.gateway.ports import House, Judged
from missent.holds.key import hold_key
from missent.nouns.action import Action
from missent.nouns.envelope import Envelope, Recipient
from missent.nouns.finding import Finding
from missent.nouns.hold import HeldCopy, Hold, State
from missent.nouns.verdict import RecipientVerdict, Ruling, Verdict

_OVERLOOKED = Ruling(Action.HOLD, "not-judged", decide="reviewer")
_POSTMASTER = Ruling(Action.DELIVER, "postmaster")


@dataclass(frozen=True, slots=True)
class Fate:
    """One recipient and the verdict about it."""

    rcpt: Recipient
    verdict: RecipientVerdict


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done with each copy: handed on, kept until someone decides, or refused.

    Attributes:
        warned: those of `deliver` whose rule wants the sender told.
    """

    deliver: tuple[Fate, ...] = ()
    hold: tuple[Fate, ...] = ()
    block: tuple[Fate, ...] = ()
    warned: tuple[Fate, ...] = ()

    @property
    def kept(self) -> tuple[Fate, ...]:
        """What does not go on and must be in the store before the client gets its 250: held copies, and blocked ones if
        others go on.
        """
        return (*self.hold, *self.block) if self.hold or self.deliver else ()


def plan(verdict: Verdict, envelope: Envelope, *, observe: bool = False, asks: bool = False) -> Plan:
    """Sort the recipients of one message. With `observe` every copy is handed on, its verdict kept for the log.

    `asks`: whether its sender may be written to (`asks_sender`); a warning nobody can be told of is only logged.
    """
    fates = tuple(_fates(verdict, envelope))
    if observe:
        return Plan(deliver=fates)
    return Plan(
        tuple(f for f in fates if f.verdict.action < Action.HOLD),
        tuple(f for f in fates if f.verdict.action is Action.HOLD),
        tuple(f for f in fates if f.verdict.action is Action.BLOCK),
        tuple(f for f in fates if asks and f.verdict.action is Action.WARN and f.verdict.ruling.notify),
    )


def hold(fates: Plan, judged: Judged, envelope: Envelope, house: House, id_: str, now: datetime) -> Hold:
    """The record to be made of a plan. Blocked copies go in as already returned, those warned of as never kept back."""
    message = judged.message
    copies = [_copy(f, State.HELD, judged.verdict.findings, now) for f in fates.hold]
    copies += [_copy(f, State.RETURNED, judged.verdict.findings, now) for f in fates.block]
    copies += [_copy(f, State.WARNED, judged.verdict.findings, now) for f in fates.warned]
    return Hold(
        id=id_,
        created=now,
        mail_from=envelope.mail_from,
        message_id=message.message_id if message else "",
        key=hold_key(envelope.mail_from, message.message_id if message else "", message.body_sha256 if message else ""),
        asks_sender=asks_sender(envelope, judged, house),
        policy=judged.verdict.policy,
        size=message.size if message else 0,
        copies=tuple(copies),
        options=envelope.options,
        references=message.references if message else (),
        traits=judged.verdict.traits,
        score=judged.verdict.score,
    )


def asks_sender(envelope: Envelope, judged: Judged, house: House) -> bool:
    """Whether the sender may be written to: one of us, on our own network, writing by hand.

    Anybody can put any address into MAIL FROM; writing to it would make us send what strangers want (backscatter).
    """
    sender, message = envelope.mail_from, judged.message
    if sender is None or message is None or message.automatic:
        return False
    return envelope.client.own and house.owns(sender.domain)


def _fates(verdict: Verdict, envelope: Envelope) -> Iterable[Fate]:
    known = {ruled.address.key: ruled for ruled in verdict.recipients}
    for rcpt in envelope.rcpts:
        otherwise = _POSTMASTER if bare_postmaster(rcpt) else _OVERLOOKED
        ruled = None if otherwise is _POSTMASTER else known.get(rcpt.address.key)
        yield Fate(rcpt, ruled or RecipientVerdict(rcpt.address, otherwise))


def bare_postmaster(rcpt: Recipient) -> bool:
    """Whether it is `<postmaster>` without a domain: always accepted (RFC 5321 4.5.1), and never anybody outside."""
    return not rcpt.address.domain and rcpt.address.local.casefold() == "postmaster"


def _copy(fate: Fate, state: State, outer: tuple[Finding, ...], now: datetime) -> HeldCopy:
    ruling, findings = fate.verdict.ruling, (*fate.verdict.findings, *outer)
    best = max((f for f in findings if f.suggestion), key=lambda f: (f.severity, f.confidence), default=None)
    return HeldCopy(
        id=0,
        rcpt=fate.rcpt.address,
        state=state,
        rule=ruling.rule,
        decide=ruling.decide,
        findings=findings,
        expires=now if state is State.WARNED else now + ruling.hold_for,
        suggestion=best.suggestion if best else None,
        notify=fate.rcpt.notify,
        orcpt=fate.rcpt.orcpt,
    )
