"""First match decides: one recipient's findings and the rules give one ruling."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

from missent.nouns.address import Address
from missent.nouns.finding import Finding
from missent.policy.model import Policy, Rule, When


def decide(policy: Policy, sender: str, rcpt: Address, findings: Sequence[Finding]) -> Rule:
    """The first rule that matches. Total: a policy's last rule matches everything.

    Args:
        policy: the rules.
        sender: key of the reverse-path, "" for `<>`.
        rcpt: the recipient.
        findings: those at the recipient and those about the message.
    """
    ids = frozenset(finding.id for finding in findings)
    return next(rule for rule in policy.rules if speaks(rule.when.finding, ids) and matches(rule.when, sender, rcpt, findings))


def matches(when: When, sender: str, rcpt: Address, findings: Sequence[Finding]) -> bool:
    """Whether all of a rule's conditions hold for one recipient."""
    return addressed(when, sender, rcpt) and (not when.about_finding or any(_fits(when, f, findings) for f in findings))


def addressed(when: When, sender: str, rcpt: Address) -> bool:
    """Whether a rule's conditions on sender and recipient hold, whatever was found."""
    if when.recipient and not _any_glob(when.recipient, rcpt.key):
        return False
    return not when.sender or _any_glob(when.sender, sender)


def _fits(when: When, finding: Finding, findings: Sequence[Finding]) -> bool:
    return (
        (not when.finding or _named(when.finding, finding.id))
        and finding.severity >= when.severity
        and finding.confidence >= when.confidence
        and all(finding.evidence.get(key) == value for key, value in when.facts.items())
        and (not when.with_another or any(other.id != finding.id and other.rcpt is not None for other in findings))
    )


@lru_cache(maxsize=4096)
def speaks(globs: tuple[str, ...], ids: frozenset[str]) -> bool:
    """Whether a rule is about any of these ids. Cached: rules and ids are few, recipients of one message may be 50,000."""
    return not globs or any(_named(globs, id_) for id_ in ids)


@lru_cache(maxsize=4096)
def _named(globs: tuple[str, ...], id_: str) -> bool:
    return any(fnmatchcase(id_, glob) for glob in globs)


def _any_glob(globs: tuple[str, ...], key: str) -> bool:
    domain = key.rpartition("@")[2]
    return any(fnmatchcase(key if "@" in glob else domain, glob) for glob in globs)
