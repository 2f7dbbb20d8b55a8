"""Why a rule decided: for each rule in order, the first condition that did not hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from missent.nouns.address import Address
from missent.nouns.finding import Finding
from missent.policy.deciding import matches
from missent.policy.model import Policy, Rule


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule, whether it decided, and why or why not."""

    rule: Rule
    decided: bool
    because: str

    @property
    def text(self) -> str:
        """One line for a person."""
        if self.decided:
            return f"-> rule `{self.rule.name}` decides: {self.rule.action.word}. {self.rule.why}".rstrip()
        return f"   rule `{self.rule.name}` does not match: {self.because}"

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        return {"rule": self.rule.name, "decided": self.decided, "because": self.because, "action": self.rule.action.word}


def reasons(policy: Policy, sender: str, rcpt: Address, findings: Sequence[Finding]) -> tuple[Reason, ...]:
    """Each rule up to and including the one that decides."""
    told: list[Reason] = []
    for rule in policy.rules:
        if matches(rule.when, sender, rcpt, findings):
            return (*told, Reason(rule, decided=True, because=rule.why))
        told.append(Reason(rule, decided=False, because=_why_not(rule, sender, rcpt, findings)))
    return tuple(told)


def _why_not(rule: Rule, sender: str, rcpt: Address, findings: Sequence[Finding]) -> str:
    when = rule.when
    if when.recipient and not matches(type(when)(recipient=when.recipient), sender, rcpt, findings):
        return f"recipient is not {_either(when.recipient)}"
    if when.sender and not matches(type(when)(sender=when.sender), sender, rcpt, findings):
        return f"sender is not {_either(when.sender)}"
    if when.finding and not matches(type(when)(finding=when.finding), sender, rcpt, findings):
        return f"no finding {_either(when.finding)}"
    if not matches(type(when)(finding=when.finding, severity=when.severity), sender, rcpt, findings):
        return f"no such finding of severity {when.severity.word} or more"
    if when.with_another and not matches(type(when)(finding=when.finding, with_another=True), sender, rcpt, findings):
        return "no other finding stands with it"
    return "no finding has the facts and confidence it asks for"


def _either(names: tuple[str, ...]) -> str:
    return " or ".join(f"`{n}`" for n in names)
