"""A policy's own test table: each case judged, and what came out beside what was expected."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from missent.nouns.action import Action
from missent.nouns.address import Address
from missent.nouns.finding import Finding
from missent.nouns.verdict import Verdict
from missent.policy.deciding import decide
from missent.policy.model import Case, Policy


class Bench(Protocol):
    """Who judges an address as the gateway would."""

    policy: Policy

    def judge_address(self, mail_from: Address | None, rcpt: Address, at: datetime) -> Verdict:
        """Judge one bare address."""
        ...


@dataclass(frozen=True, slots=True)
class Result:
    """One case and what came out."""

    case: Case
    action: Action
    rule: str

    @property
    def passed(self) -> bool:
        """Whether action and, if named, rule are as expected."""
        return self.action is self.case.expect and self.case.rule in ("", self.rule)

    @property
    def line(self) -> str:
        """One line for a person."""
        if self.passed:
            return f"ok   {self.case.to}: {self.action.word} (rule `{self.rule}`)"
        wanted = f"{self.case.expect.word}" + (f" by rule `{self.case.rule}`" if self.case.rule else "")
        return f"FAIL {self.case.to}: expected {wanted}, got {self.action.word} by rule `{self.rule}`"

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "to": self.case.to,
            "expect": self.case.expect.word,
            "action": self.action.word,
            "rule": self.rule,
            "passed": self.passed,
        }


def run_case(bench: Bench, case: Case, at: datetime) -> Result:
    """Judge one case: on the findings it gives, else on what the checks find in its addresses."""
    rcpt = Address.parse(case.to)
    sender = Address.parse(case.from_) if case.from_ else None
    if case.findings is not None:
        findings = [Finding(id_, severity, sure, rcpt.key) for id_, severity, sure in case.findings]
        rule = decide(bench.policy, sender.key if sender else "", rcpt, findings)
        return Result(case, rule.action, rule.name)
    ruling = bench.judge_address(sender, rcpt, at).recipients[0].ruling
    return Result(case, ruling.action, ruling.rule)
