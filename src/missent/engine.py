"""judge(message, envelope, context, policy) -> Verdict: the one place where checks and policy meet.

It does no I/O, not even through a port: the caller fetches what is known and hands it over, so the same verdict can
be had again from the same inputs, in the gateway today and over an archive next year.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from missent.checks.context import Check, Context
from missent.checks.registry import CHECKS
from missent.message.model import Message
from missent.nouns.action import Action
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Finding, Severity
from missent.nouns.verdict import Inspected, RecipientVerdict, Verdict
from missent.policy.deciding import addressed, decide, speaks
from missent.policy.model import Policy, Rule
from missent.recipients.history import NOTHING_KNOWN


def judge(
    message: Message | None, envelope: Envelope, context: Context, policy: Policy, checks: Sequence[Check] = CHECKS
) -> Verdict:
    """Judge every recipient of one message.

    Args:
        message: what was read of it; None when only addresses are known (RCPT, `missent check --to`).
        envelope: who it is from and to.
        context: what is known, as of the message's moment.
        policy: the rules in force.
        checks: the table of checks; tests give their own.

    Never raises: a check that does is a `check-failed` finding about the whole message.
    """
    found = [f for check in checks for f in _look(check, message, envelope, context)]
    inspected = _inspected(message, context)
    verdict = _rule_on(inspected, envelope, [*found, *context.seen.sensitive], context, policy)
    return replace(verdict, marking=context.seen.marking)


def unjudged(envelope: Envelope, context: Context, policy: Policy, check: str, error: str) -> Verdict:
    """The verdict on a message that could not be judged: `check-failed` for everyone, and the policy decides."""
    return _rule_on(Inspected(), envelope, [_failed(check, error)], context, policy)


_FROM_ANY = frozenset({"check-failed", "not-inspected"})
"""Findings that any check may come to."""


def may_refuse(envelope: Envelope, context: Context, policy: Policy, checks: Sequence[Check] = CHECKS) -> bool:
    """Whether some rule could block one of these addresses, whatever history knows; asked before history is.

    At RCPT only a block matters, and most policies block for what the address itself shows. False is certain: `judge`
    with any history would not block. True only says that it has to be asked.
    """
    without_history = replace(context, known=NOTHING_KNOWN)
    mute = {c.id for c in checks if c.needs_message or (c.history_excuses and not _look(c, None, envelope, without_history))}
    speaking = _FROM_ANY | {check.id for check in checks} - mute
    return any(rule.action is Action.BLOCK and _could_match(rule, envelope, speaking) for rule in policy.rules)


def _could_match(rule: Rule, envelope: Envelope, speaking: frozenset[str]) -> bool:
    if rule.when.about_finding and not speaks(rule.when.finding, speaking):
        return False
    return any(addressed(rule.when, envelope.sender_key, rcpt.address) for rcpt in envelope.rcpts)


def _inspected(message: Message | None, context: Context) -> Inspected:
    """What was read, and all that was not: of the message's structure, and of what its parts hold."""
    if message is None:
        return Inspected()
    return Inspected(message.inspected.parts, context.seen.opened.unread(message.inspected.skipped))


def _look(check: Check, message: Message | None, envelope: Envelope, context: Context) -> Iterable[Finding]:
    if check.needs_message and message is None:
        return ()
    try:
        return tuple(check.look(message, envelope, context))
    except Exception as error:  # noqa: BLE001 — one check is an edge: its fault must not let the message through
        return (_failed(check.id, type(error).__name__),)


def _failed(check: str, error: str) -> Finding:
    return Finding("check-failed", Severity.HIGH, 1.0, evidence={"check": check, "error": error})


def _rule_on(inspected: Inspected, envelope: Envelope, found: Sequence[Finding], context: Context, policy: Policy) -> Verdict:
    outer = tuple(f for f in found if f.rcpt is None)
    verdicts = tuple(_recipients(envelope, found, outer, context, policy))
    return Verdict(policy.version, _whole_message(verdicts), outer, None, inspected)


def _recipients(
    envelope: Envelope, found: Sequence[Finding], outer: tuple[Finding, ...], context: Context, policy: Policy
) -> Iterator[RecipientVerdict]:
    at_rcpt: dict[str, list[Finding]] = {}
    for finding in found:
        if finding.rcpt is not None and not _exempt(finding, finding.rcpt, context):
            at_rcpt.setdefault(finding.rcpt, []).append(finding)
    for rcpt in envelope.rcpts:
        own = tuple(at_rcpt.get(rcpt.address.key, ()))
        rule = decide(policy, envelope.sender_key, rcpt.address, own + outer)
        yield RecipientVerdict(rcpt.address, rule.ruling, own)


def _exempt(finding: Finding, key: str, context: Context) -> bool:
    return any(e.covers(finding.id, key, context.at.date()) for e in context.register.exemptions)


def _whole_message(verdicts: tuple[RecipientVerdict, ...]) -> tuple[RecipientVerdict, ...]:
    """A rule with scope "message" that holds one copy holds all that would otherwise go."""
    binding = next((v.ruling for v in verdicts if v.action is Action.HOLD and v.ruling.scope == "message"), None)
    if binding is None:
        return verdicts
    return tuple(v if v.action >= Action.HOLD else replace(v, ruling=binding) for v in verdicts)
