"""A held copy as letters tell of it to its sender: address, reasons, what was meant. No content, nothing of others."""

from dataclasses import dataclass

from missent.nouns.hold import HeldCopy, State
from missent.words import explain


@dataclass(frozen=True, slots=True)
class Told:
    """Facts of one copy for the templates in `missent.words.letters`.

    Attributes:
        asked: whether the sender may decide.
        reasons: one sentence per finding.
        by: who decided: "sender", "reviewer", or "" for policy and clock.
        reply: the next hop's last word.
    """

    address: str
    state: str
    asked: bool
    reasons: tuple[str, ...]
    suggestion: str
    by: str
    reason: str
    reply: str

    @classmethod
    def of(cls, copy: HeldCopy) -> "Told":
        """What may be told of a copy; reasons only where the sender has not already answered them."""
        still_wrong = not copy.corrected_to and not copy.decided_by.startswith("sender:")
        return cls(
            address=copy.corrected_to or copy.rcpt.spec,
            state=copy.state.value,
            asked=copy.decide == "sender" and copy.state is State.HELD,
            reasons=reasons(copy) if still_wrong else (),
            suggestion=copy.suggestion or "" if still_wrong else "",
            by=_who(copy.decided_by),
            reason=copy.reason,
            reply=copy.reply,
        )


def reasons(copy: HeldCopy) -> tuple[str, ...]:
    """One sentence per finding, most severe first, each once."""
    ranked = sorted(copy.findings, key=lambda f: (-f.severity, -f.confidence))
    return tuple(dict.fromkeys(explain(finding) for finding in ranked))


def _who(actor: str) -> str:
    if actor.startswith("sender:"):
        return "sender"
    return "reviewer" if actor == "console" or actor.startswith("cli:") else ""
