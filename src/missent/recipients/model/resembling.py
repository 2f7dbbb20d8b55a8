"""How much two addresses are alike, and how far one looks like a slip in the domain of another."""

from collections.abc import Sequence
from math import log1p
from typing import NamedTuple

from rapidfuzz.distance import OSA

from missent.recipients.model.memory import Memory
from missent.recipients.model.people import Person


class DomainSlip(NamedTuple):
    """How far an address looks like a slip in the domain of a known one.

    Attributes:
        grade: 3: same local part as a contact's at a domain one letter off; 2: an unknown domain one letter off a known one;
            1: same local part as a contact's at another domain; 0 else.
        busy: of the domain it is near to, the logarithm of how often it was met.
        local: whether the local part is in use there.
    """

    grade: float = 0.0
    busy: float = 0.0
    local: float = 0.0


NO_SLIP = DomainSlip()
RARE = 3
"""A domain met less often may be a slip that was made before."""


def domain_slip(memory: Memory, rcpt: Person, rivals: Sequence[Person]) -> DomainSlip:
    """Of somebody there is no tie with; `rivals` are contacts with a like name."""
    same = [r for r in rivals if r.local == rcpt.local]
    domains = memory.domains
    close = [r for r in same if OSA.distance(r.domain, rcpt.domain, score_cutoff=1) <= 1]
    if close:
        return DomainSlip(3.0, log1p(max(domains.get(r.domain, 0) for r in close)), 1.0)
    if domains.get(rcpt.domain, 0) < RARE and (near := _near(memory, rcpt.domain)):
        known = memory.people.known(f"{rcpt.local}@{near}")
        return DomainSlip(2.0, log1p(domains[near]), float(known is not None))
    return DomainSlip(1.0 if same else 0.0)


def _near(memory: Memory, domain: str) -> str:
    """The busiest known domain one letter off, "" if there is none."""
    domains = memory.domains
    return max(memory.nearness.near(domain, domains), key=lambda d: (domains[d], d), default="")


def alike(one: Person, other: Person) -> float:
    """How much two people's addresses are alike: 4 same local part, 3 a slip apart, 2 same last part, 1 any, .5 beginning."""
    if one.local == other.local:
        return 4.0
    if min(len(one.local), len(other.local)) > 4 and OSA.distance(one.local, other.local, score_cutoff=2) <= 2:
        return 3.0
    if one.parts and other.parts and one.parts[-1] == other.parts[-1]:
        return 2.0
    if any(part in other.parts for part in one.parts if len(part) > 2):
        return 1.0
    return 0.5 if one.local[:3] == other.local[:3] else 0.0
