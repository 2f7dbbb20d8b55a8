"""A verdict on a draft for a compose window (`missent.compose/1`): what to ask the sender, in words, and nothing else.

A finding's facts stay here: its sentences use only what the sender could know.
"""

from collections.abc import Sequence
from typing import Any

from missent.nouns.action import Action
from missent.nouns.finding import Finding
from missent.nouns.verdict import RecipientVerdict, Verdict
from missent.words.findings import advise, explain

SCHEMA = "missent.compose/1"
ABSENT = "missing-recipient"
"""The finding whose suggestion is somebody who is not among the recipients."""


def as_dict(verdict: Verdict, *, observing: bool) -> dict[str, Any]:
    """The answer; docs/compose.md. `observing`: nothing is stopped yet, whatever the actions say."""
    return {
        "schema": SCHEMA,
        "action": verdict.action.word,
        "observing": observing,
        "policy": verdict.policy,
        "elapsed_ms": verdict.elapsed_ms,
        "recipients": [_recipient(one) for one in verdict.recipients],
        "findings": [_finding(one) for one in verdict.findings],
        "missing": _missing(verdict.recipients),
        "not_read": [{"where": s.where, "reason": s.reason} for s in verdict.inspected.skipped],
    }


def _recipient(one: RecipientVerdict) -> dict[str, Any]:
    ranked = sorted((f for f in one.findings if f.id != ABSENT), key=lambda f: (-f.severity, -f.confidence, f.id))
    return {
        "address": one.address.spec,
        "action": one.action.word,
        "rule": one.ruling.rule,
        "decide": one.ruling.decide if one.action is Action.HOLD else None,
        "suggestion": next((f.suggestion for f in ranked if f.suggestion), None),
        "findings": [_finding(f) for f in ranked],
    }


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "id": one.id,
        "severity": one.severity.word,
        "confidence": one.confidence,
        "suggestion": one.suggestion,
        "explanation": explain(one),
        "advice": advise(one),
    }


def _missing(recipients: Sequence[RecipientVerdict]) -> list[dict[str, Any]]:
    """Who usually stands beside these recipients and does not now, each once, the surest first."""
    found = [f for one in recipients for f in one.findings if f.id == ABSENT and f.suggestion]
    first: dict[str, Finding] = {}
    for finding in sorted(found, key=lambda f: -f.confidence):
        first.setdefault(str(finding.suggestion), finding)
    return [
        {"address": address, "beside": f.rcpt, "confidence": f.confidence, "explanation": explain(f)}
        for address, f in first.items()
    ]
