"""A verdict for programs (`missent.verdict/1`) and for people (like a compiler's message)."""

from collections.abc import Iterator, Mapping
from typing import Any

from missent.nouns.action import Action
from missent.nouns.finding import Finding
from missent.nouns.verdict import RecipientVerdict, Verdict
from missent.words import advise, explain, reckoning

SCHEMA = "missent.verdict/1"


def as_dict(verdict: Verdict) -> dict[str, Any]:
    """The JSON shape that others build on; see docs/verdict.md."""
    mark = verdict.marking
    return {
        "schema": SCHEMA,
        "action": verdict.action.word,
        "policy": verdict.policy,
        "elapsed_ms": verdict.elapsed_ms,
        "recipients": [
            {
                "address": r.address.spec,
                "action": r.action.word,
                "rule": r.ruling.rule,
                "findings": [_finding(f) for f in r.findings],
            }
            for r in verdict.recipients
        ],
        "findings": [_finding(f) for f in verdict.findings],
        "marking": None
        if mark is None
        else {
            "scheme": mark.scheme,
            "level": mark.level,
            "controls": list(mark.controls),
            "text": mark.text,
            "where": mark.where,
        },
        "inspected": {
            "parts": verdict.inspected.parts,
            "skipped": [{"where": s.where, "reason": s.reason} for s in verdict.inspected.skipped],
        },
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "severity": finding.severity.word,
        "confidence": finding.confidence,
        "suggestion": finding.suggestion,
        "explanation": explain(finding),
        "evidence": dict(finding.evidence),
    }


def as_plain(verdict: Verdict, where: str, names: Mapping[str, str] | None = None) -> Iterator[str]:
    """Lines for a person: one block per recipient that has findings, then the sum.

    Args:
        verdict: what was judged.
        where: what it was read from (`mail.eml`, `-`, `address`).
        names: of attachments by place, for whoever has the message before them anyway.
    """
    names = names or {}
    if mark := verdict.marking:
        yield f"{where}: marked {mark.text} ({mark.scheme}), in {_place(mark.where, names)}"
    for finding in verdict.findings:
        yield from _block(f"{where}: message", finding, names)
    for recipient in verdict.recipients:
        for finding in recipient.findings:
            yield from _block(f"{where}: {recipient.address.spec}", finding, names)
    yield _sum(verdict)


def _block(what: str, finding: Finding, names: Mapping[str, str]) -> Iterator[str]:
    yield f"{what}: {finding.severity.word} [{finding.id}] {explain(finding)}"
    place = str(finding.evidence.get("where", ""))
    if place.startswith("attachment:") or f"attachment:{place}" in names:
        yield f"  where: {_place(place, names)}"
    yield f"  how sure: {finding.confidence:.0%}" + (f"; probably meant: {finding.suggestion}" if finding.suggestion else "")
    if items := reckoning(finding):
        yield "  in numbers: " + "; ".join(f"{item.text} {item.weight:+.2f}" for item in items)
    yield f"  what to do: {advise(finding)}"


def _place(where: str, names: Mapping[str, str]) -> str:
    """A place with the name of the file it lies in, and that of the archive around it."""
    file = where if where.startswith("attachment:") else f"attachment:{where}"
    file = file.partition("/")[0]
    around = [file[:at] for at, c in enumerate(file) if c == "!"]
    told = [_plain(names[f]) for f in (*around, file) if names.get(f)]
    return f"{where} ({' > '.join(told)})" if told else where


def _plain(name: str) -> str:
    """A file name that cannot leave its line, or be read backwards."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name[:100])


def _sum(verdict: Verdict) -> str:
    total = len(verdict.recipients)
    stopped = [r for r in verdict.recipients if r.action > Action.DELIVER]
    unread = len(verdict.inspected.skipped)
    tail = f"; {unread} part{'s' * (unread != 1)} not read" if unread else ""
    if not stopped:
        return f"deliver: {total} of {total} recipient{'s' * (total != 1)}{tail}"
    return (
        "; ".join(f"{r.action.word}: {_who(r)} (rule `{r.ruling.rule}`)" for r in stopped[:20])
        + (f"; and {len(stopped) - 20} more" if len(stopped) > 20 else "")
        + f"; {_may_go(verdict)}{tail}"
    )


def _may_go(verdict: Verdict) -> str:
    """How many copies are not kept back: a warned one goes, if its sender still wants it to."""
    total = len(verdict.recipients)
    kept = sum(r.action >= Action.HOLD for r in verdict.recipients)
    warned = sum(r.action is Action.WARN for r in verdict.recipients)
    return f"{total - kept} of {total} may go" + (f", {warned} with a warning" if warned else "")


def _who(recipient: RecipientVerdict) -> str:
    return recipient.address.spec
