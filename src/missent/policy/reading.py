"""`policy.toml` to Policy. A wrong file is one line with rule, key and what was expected."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import resources
from typing import Any

from missent import tables
from missent.errors import ConfigError, PolicyError
from missent.nouns.action import Action
from missent.nouns.finding import Severity
from missent.policy.model import Case, Policy, Rule, When

MOST_PROMPTS = 50
"""Per 1,000 mails: beyond, nobody reads prompts."""

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_ACTIONS = tuple(a.word for a in Action)
_SEVERITIES = tuple(s.word for s in Severity)


@dataclass(frozen=True)
class _When:
    finding: tuple[str, ...] = ()
    severity: str = "low"
    confidence: float = 0.0
    facts: dict[str, Any] = field(default_factory=dict)
    with_another: bool = False
    recipient: tuple[str, ...] = ()
    sender: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Rule:
    name: str
    action: str
    when: _When = field(default_factory=_When)
    scope: str = "recipient"
    decide: str = "sender"
    notify: bool = False
    hold_for: str = "72h"
    why: str = ""


@dataclass(frozen=True)
class _Finding:
    id: str
    severity: str = "high"
    confidence: float = 1.0


@dataclass(frozen=True)
class _Case:
    to: str
    expect: str
    from_: str = ""
    rule: str = ""
    findings: tuple[_Finding, ...] | None = None


@dataclass(frozen=True)
class _File:
    rule: tuple[_Rule, ...]
    case: tuple[_Case, ...] = ()
    prompts_per_thousand: float = 2.0


def default_policy() -> Policy:
    """The packaged policy: useful unchanged."""
    return read_policy(resources.files("missent.policy").joinpath("default.toml").read_bytes(), "packaged policy")


def read_policy(data: bytes, where: str) -> Policy:
    """Read a policy file's bytes. Raises PolicyError: one line with file, rule, key and what was expected."""
    try:
        table = tables.parse(data, where)
        for case in table.get("case", ()) if isinstance(table.get("case"), list) else ():
            if isinstance(case, dict) and "from" in case:
                case["from_"] = case.pop("from")
        raw = tables.shape(table, _File, where)
        rules = tuple(_rule(r, f"{where}: rule `{r.name}`") for r in raw.rule)
        cases = tuple(_case(c, f"{where}: case `{c.to}`") for c in raw.case)
    except PolicyError:
        raise
    except ConfigError as error:
        raise PolicyError(str(error)) from None
    _check_order(rules, where)
    if not 0 <= raw.prompts_per_thousand <= MOST_PROMPTS:
        raise PolicyError(
            f"{where}: key `prompts_per_thousand` is {raw.prompts_per_thousand:g}, expected 0 (never) to {MOST_PROMPTS}"
        )
    return Policy(rules, cases, "sha256:" + hashlib.sha256(data).hexdigest(), data.decode(), raw.prompts_per_thousand)


def _check_order(rules: tuple[Rule, ...], where: str) -> None:
    names = [r.name for r in rules]
    double = next((n for n in names if names.count(n) > 1), None)
    if double:
        raise PolicyError(f"{where}: rule `{double}` stands twice, expected one name per rule")
    early = next((r for r in rules[:-1] if r.when.everything), None)
    if early:
        raise PolicyError(f"{where}: rule `{early.name}` matches everything, so the rules below it never decide")
    if not rules or not rules[-1].when.everything:
        raise PolicyError(
            f"{where}: the last rule is expected to match everything (no `when`), so that nothing is left undecided"
        )


def _rule(raw: _Rule, where: str) -> Rule:
    when = When(
        raw.when.finding,
        Severity.of(_one_of(raw.when.severity, _SEVERITIES, where, "severity")),
        raw.when.confidence,
        raw.when.facts,
        raw.when.with_another,
        tuple(g.lower() for g in raw.when.recipient),
        tuple(g.lower() for g in raw.when.sender),
    )
    return Rule(
        raw.name,
        when,
        Action.of(_one_of(raw.action, _ACTIONS, where, "action")),
        _one_of(raw.scope, ("recipient", "message"), where, "scope"),
        _one_of(raw.decide, ("sender", "reviewer"), where, "decide"),
        raw.notify,
        _duration(raw.hold_for, where),
        raw.why,
    )


def _case(raw: _Case, where: str) -> Case:
    findings = None
    if raw.findings is not None:
        findings = tuple(
            (f.id, Severity.of(_one_of(f.severity, _SEVERITIES, where, "severity")), f.confidence) for f in raw.findings
        )
    return Case(raw.to, Action.of(_one_of(raw.expect, _ACTIONS, where, "expect")), raw.from_, raw.rule, findings)


def _one_of(value: str, allowed: tuple[str, ...], where: str, key: str) -> str:
    if value not in allowed:
        raise PolicyError(f"{where}: key `{key}` is {value!r}, expected {', '.join(allowed[:-1])} or {allowed[-1]}")
    return value


def _duration(text: str, where: str) -> timedelta:
    match = re.fullmatch(r"(\d{1,5})([mhd])", text)
    if not match or not int(match[1]):
        raise PolicyError(f"{where}: key `hold_for` is {text!r}, expected a time such as 30m, 72h or 7d")
    return int(match[1]) * _UNITS[match[2]]
