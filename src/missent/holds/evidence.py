"""The audit events of a hold: ids, decisions and aliases (keyed hashes) of addresses; no content, no plain address."""

from collections.abc import Callable
from datetime import datetime

from missent.nouns.audit import AuditEvent
from missent.nouns.finding import Fact
from missent.nouns.hold import HeldCopy, Hold, Step

_KINDS = {
    Step.EXPIRE: "hold.expired",
    Step.ACCEPT: "hold.sent",
    Step.REFUSE: "hold.failed",
}


def kept(hold: Hold, copy: HeldCopy, alias: Callable[[str], str], at: datetime) -> AuditEvent:
    """A copy was kept back, or blocked after DATA."""
    facts: dict[str, Fact] = {
        "hold": hold.id,
        "copy": copy.id,
        "sender": alias(hold.mail_from.key) if hold.mail_from else "",
        "rcpt": alias(copy.rcpt.key),
        "state": copy.state.value,
        "rule": copy.rule,
        "findings": " ".join(finding.id for finding in copy.findings),
        "policy": hold.policy,
    }
    return AuditEvent(at, "hold.created", "gateway", facts)


def moved(hold: Hold, copy: HeldCopy, step: Step, actor: str, alias: Callable[[str], str]) -> AuditEvent:
    """A step was taken; `copy` is as it stands after it. Raises ValueError if it was never written."""
    if copy.changed is None:
        raise ValueError("a copy that was never written has not moved")
    facts: dict[str, Fact] = {"hold": hold.id, "copy": copy.id, "step": step.value, "state": copy.state.value}
    if step is Step.CORRECT and copy.corrected_to:
        facts["corrected_to"] = alias(copy.corrected_to)
    kind = "hold.returned" if step is Step.RETURN and actor == "delivery" else _KINDS.get(step, "hold.decided")
    return AuditEvent(copy.changed, kind, actor, facts)


def viewed(hold_id: str, actor: str, at: datetime) -> AuditEvent:
    """Somebody looked at a held message."""
    return AuditEvent(at, "hold.viewed", actor, {"hold": hold_id})


def purged(hold_id: str, at: datetime) -> AuditEvent:
    """A settled hold's message was removed at the end of its retention."""
    return AuditEvent(at, "hold.purged", "clock", {"hold": hold_id})
