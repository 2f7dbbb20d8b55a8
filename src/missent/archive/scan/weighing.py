"""Which findings make an exposure, and which count only towards the upper bound: data."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from missent.nouns.finding import Finding, Severity

LEAST: Mapping[str, float] = MappingProxyType(
    {
        "restricted-tld": 0.0,
        "above-ceiling": 0.0,
        "not-releasable": 0.0,
        "lookalike-domain": 0.5,
        "corrected-in-thread": 0.5,
        "wrong-attachment": 0.8,
        "lookalike-address": 0.8,
        "personal-address": 0.8,
    }
)
"""Finding id -> confidence from which it is an exposure. Below, and from `DOUBT`, it may be one. `low` findings never are."""

BY_MODEL = frozenset(("odd-recipient", "namesake", "reply-all-outsider", "new-to-thread"))
"""What the recipient model says: chosen under a budget before (`missent.archive.scan.accusing`), whatever its confidence."""

DOUBT = 0.5
SURE = 0.8
"""Confidence from which a finding counts towards `at_least`, if it is `high` as well and one of `MEASURED`."""

MEASURED = frozenset(("lookalike-domain", "restricted-tld", "above-ceiling", "not-releasable", "corrected-in-thread"))
"""Findings that are certain, or whose confidence was measured on real mail; that of a wrong person is judged, not measured."""


def exposing(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Those that make an exposure, the strongest first."""
    found = (f for f in findings if f.severity > Severity.LOW and (f.id in BY_MODEL or f.confidence >= LEAST.get(f.id, 2.0)))
    return tuple(sorted(found, key=lambda f: (-f.severity, -f.confidence, f.id)))


def doubtful(findings: Sequence[Finding]) -> bool:
    """Whether some finding says that it may be one."""
    return any(f.id in LEAST and f.confidence >= DOUBT and f.severity > Severity.LOW for f in findings)


def is_sure(finding: Finding) -> bool:
    """Whether the finding alone puts its exposure beyond reasonable doubt."""
    return finding.id in MEASURED and finding.severity is Severity.HIGH and finding.confidence >= SURE
