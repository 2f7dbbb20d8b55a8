"""A policy: rules in order; the first that matches a recipient decides, and the last matches everything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

from missent.nouns.action import Action
from missent.nouns.finding import Fact, Severity
from missent.nouns.verdict import Ruling


@dataclass(frozen=True, slots=True)
class When:
    """What a rule looks for. All conditions given must hold; one finding must satisfy all those about a finding.

    Attributes:
        finding: ids or globs (`lookalike-*`); any of them.
        severity: at least.
        confidence: at least, 0-1.
        facts: evidence values the finding must have.
        with_another: only if a finding with another id, about this recipient, stands there too.
        recipient, sender: globs on the address, or on the domain if without `@` (`*.ml`); any of them.
    """

    finding: tuple[str, ...] = ()
    severity: Severity = Severity.LOW
    confidence: float = 0.0
    facts: Mapping[str, Fact] = field(default_factory=lambda: MappingProxyType({}))
    with_another: bool = False
    recipient: tuple[str, ...] = ()
    sender: tuple[str, ...] = ()

    @property
    def about_finding(self) -> bool:
        """Whether the rule needs a finding at all."""
        return bool(self.finding or self.facts or self.with_another or self.confidence or self.severity > Severity.LOW)

    @property
    def everything(self) -> bool:
        """Whether it matches every recipient."""
        return not (self.about_finding or self.recipient or self.sender)


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of policy.

    Attributes:
        why: the operator's reason, shown by `missent policy explain`.
    """

    name: str
    when: When
    action: Action
    scope: str = "recipient"
    decide: str = "sender"
    notify: bool = False
    hold_for: timedelta = timedelta(hours=72)
    why: str = ""

    @property
    def ruling(self) -> Ruling:
        """What the rule says when it decides."""
        return Ruling(self.action, self.name, self.scope, self.decide, self.notify, self.hold_for)


@dataclass(frozen=True, slots=True)
class Case:
    """One row of a policy's own test table.

    Attributes:
        to: the recipient judged; from_: the reverse-path.
        expect: the action it must get; rule: and the rule that must decide, if given.
        findings: the findings to decide on; None means that the checks themselves are asked.
    """

    to: str
    expect: Action
    from_: str = ""
    rule: str = ""
    findings: tuple[tuple[str, Severity, float], ...] | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """Rules and cases of one version.

    Attributes:
        version: "sha256:" and the hex digest of the file.
        text: the file, as it is stored and handed to other nodes.
        prompts_per_thousand: holds and warnings of the recipient model that a person may get per 1,000 right mails.
    """

    rules: tuple[Rule, ...]
    cases: tuple[Case, ...]
    version: str
    text: str
    prompts_per_thousand: float = 2.0
