"""What a sender's press does: one step on one copy, or on all that wait; and what they are told about it.

A corrected address is judged again with the whole message before it is taken: whoever mistyped once mistypes twice, and
what one address may receive another may not. Where a reviewer decides, the sender can still put the address right or take it
back. A second press, from a second click or a second person with the link, is no error: it is told how things stand.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from missent.errors import HoldError
from missent.holds.book import Decision, HoldBook
from missent.nouns.action import Action
from missent.nouns.address import Address
from missent.nouns.hold import HeldCopy, Hold, State, Step
from missent.nouns.verdict import RecipientVerdict, Verdict
from missent.web.states import for_sender
from missent.web.typed_address import typed
from missent.words import explain

JudgeAgain = Callable[[Hold, Address], Verdict]
"""Judges a held message as if it were sent to one address."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said back about one copy.

    Attributes:
        kind: `done`, `late`, `invalid`, `doubtful` (may be insisted on) or `refused`.
        typed: the address that was asked for, to be shown again.
        reasons: why it is doubtful or refused.
        suggestion: what was probably meant instead of it; "" if nothing is known.
    """

    kind: str
    text: str
    typed: str = ""
    reasons: tuple[str, ...] = ()
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Press:
    """A posted form: which copies, which button, the address in its field, and the one insisted on."""

    copy: str
    button: str
    address: str = ""
    insist: str = ""

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> "Press":
        """The press a form stands for."""
        names = ("copy", "button", "address", "insist")
        return cls(*(fields.get(name, "") for name in names))


class Answering:
    """Takes a sender's presses."""

    def __init__(self, book: HoldBook, judge_again: JudgeAgain, alias: Callable[[str], str]) -> None:
        self._book = book
        self._judge = judge_again
        self._alias = alias

    def press(self, hold: Hold, press: Press, at: datetime) -> dict[int, Said]:
        """Act on it; what to say by copy id. Nothing for a form that is not ours. Raises StoreError."""
        if press.copy == "all":
            return {copy.id: self._one(hold, copy, press, at) for copy in hold.copies if answerable(copy)}
        copy = next((copy for copy in hold.copies if str(copy.id) == press.copy), None)
        return {} if copy is None else {copy.id: self._one(hold, copy, press, at)}

    def _one(self, hold: Hold, copy: HeldCopy, press: Press, at: datetime) -> Said:
        if not answerable(copy):
            return Said("late", for_sender(copy))
        if press.button == "confirm":
            return self._confirm(hold, copy, at)
        if press.button == "return":
            return self._decide(hold, copy, Step.RETURN, at)
        if press.button == "suggestion" and copy.suggestion:
            return self._correct(hold, copy, Press(press.copy, "correct", copy.suggestion), at)
        if press.button == "correct":
            return self._correct(hold, copy, press, at)
        return Said("invalid", "That was not one of the buttons. Nothing was done.")

    def _confirm(self, hold: Hold, copy: HeldCopy, at: datetime) -> Said:
        if not confirmable(copy):
            return Said("refused", "A reviewer decides about this one. Nothing was done.")
        return self._decide(hold, copy, Step.CONFIRM, at)

    def _correct(self, hold: Hold, copy: HeldCopy, press: Press, at: datetime) -> Said:
        address = typed(press.address)
        if address is None:
            return Said("invalid", "That is not an e-mail address. Nothing was done.", press.address[:254])
        if address.key == copy.rcpt.key:
            return Said("invalid", "That is the address it already has. If it is right, say so above.", address.spec)
        verdict = self._judge(hold, address)
        worst = max(verdict.recipients, key=lambda ruled: ruled.action, default=None)
        if worst is not None and worst.action >= Action.HOLD and not _insists(worst, press, address):
            return _doubt(worst, address)
        return self._decide(hold, copy, Step.CORRECT, at, address.spec)

    def _decide(self, hold: Hold, copy: HeldCopy, step: Step, at: datetime, to: str | None = None) -> Said:
        actor = f"sender:{self._alias(hold.mail_from.key if hold.mail_from else '')}"
        try:
            return Said("done", for_sender(self._book.decide(Decision(hold.id, copy.id, step, actor, at, to))))
        except HoldError:
            now = self._book.get(hold.id)
            stands = next((c for c in now.copies if c.id == copy.id), copy) if now else copy
            return Said("late", for_sender(stands))


def answerable(copy: HeldCopy) -> bool:
    """Whether the sender may do something about it now: put the address right, or take it back."""
    return copy.state is State.HELD


def confirmable(copy: HeldCopy) -> bool:
    """Whether the sender's word lets it go."""
    return answerable(copy) and copy.decide == "sender"


def _insists(ruled: RecipientVerdict, press: Press, address: Address) -> bool:
    """A sender may insist where their word would let a held copy go, on exactly the address they were asked about."""
    return ruled.action is Action.HOLD and ruled.ruling.decide == "sender" and press.insist == address.spec


def _doubt(ruled: RecipientVerdict, address: Address) -> Said:
    ranked = sorted(ruled.findings, key=lambda f: (-f.severity, -f.confidence))
    reasons = tuple(dict.fromkeys(explain(finding) for finding in ranked))
    meant = next((finding.suggestion for finding in ruled.findings if finding.suggestion), "")
    if ruled.action is Action.HOLD and ruled.ruling.decide == "sender":
        return Said("doubtful", f"{address.spec} looks doubtful too. Nothing was done yet.", address.spec, reasons, meant)
    return Said(
        "refused", f"Mail to {address.spec} is not let out by you alone. Nothing was done.", address.spec, reasons, meant
    )
