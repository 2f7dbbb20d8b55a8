"""`to-should-be-bcc`: many outsiders who do not know each other see each other's addresses.

Knows: the people in To and Cc outside the organisation, who of them had mail together before, and who share an employer
(one registrable domain; free-mail hosts are nobody's employer).
Matters: a circular sent openly discloses every customer, claimant or patient to all others, which is a breach of
personal data by itself and cannot be called back.
Does not say: that the content is confidential. Two partner firms on one thread are two groups, and silent. Silent for
automatic mail and the null reverse-path: what a list or a system sends is addressed by its own rules.
Cost when wrong: one question in a compose window (`medium`); nothing in the mail path.
RFC 5322 3.6.3 (who sees To, Cc and Bcc).
"""

from collections.abc import Iterable, Iterator

from missent.checks.company import machine, recipients, visible
from missent.checks.context import Context
from missent.message.model import Message
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Finding, Severity

ID = "to-should-be-bcc"
PEOPLE = 10
GROUPS = 5


def look(message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """One finding for each outsider of the envelope who stands in To or Cc; how many they are in how many groups."""
    if machine(message, envelope):
        return
    outside = {a.key: a.domain for a in visible(message) if a.domain and not context.own(a.domain)}
    outside.pop(envelope.sender_key, None)
    if len(outside) < PEOPLE:
        return
    groups = _groups(outside, context)
    if groups < GROUPS:
        return
    evidence = {"people": len(outside), "groups": groups}
    for rcpt in recipients(envelope):
        if rcpt.key in outside:
            yield Finding(ID, Severity.MEDIUM, 0.7, rcpt.key, evidence=evidence)


def _groups(outside: dict[str, str], context: Context) -> int:
    """How many groups of mutual acquaintances there are (disjoint sets)."""
    leader = {key: key for key in outside}
    for one, other in (*_colleagues(outside, context), *_acquainted(outside, context.known.acquainted)):
        leader[_lead(leader, one)] = _lead(leader, other)
    return sum(key == led for key, led in leader.items())


def _lead(leader: dict[str, str], key: str) -> str:
    while leader[key] != key:
        leader[key] = key = leader[leader[key]]
    return key


def _colleagues(outside: dict[str, str], context: Context) -> Iterator[tuple[str, str]]:
    first: dict[str, str] = {}
    for key, domain in outside.items():
        if not context.names.free_mail(domain):
            yield key, first.setdefault(context.names.registrable(domain) or domain, key)


def _acquainted(outside: dict[str, str], pairs: Iterable[frozenset[str]]) -> Iterator[tuple[str, str]]:
    for pair in pairs:
        if len(pair) == 2 and pair <= outside.keys():
            one, other = sorted(pair)
            yield one, other
