"""`lookalike-domain`: a recipient's domain is not known, and resembles one that is.

Knows: what the domain resembles and how (`missent.recipients.lookalikes`), the standing of both as of the message's date,
and which people are known where. Weighs them: the same local part in use at the resembled domain speaks for a slip, a
person never heard of there and a correspondent who wrote from here speak against.
Matters: one letter sends a mail to whoever bought the name; `army.ml` got 117,000 messages for `army.mil` in half a year.
Does not say: that a known domain is the wrong one, or that anybody means harm at the other.
Cost when wrong: `high` holds the mail of somebody who wrote to a real new correspondent with a name like a known one.
RFC 5321 4.1.2 (Domain); Unicode Technical Standard 39 section 4; Public Suffix List.
"""

from collections.abc import Iterator, Mapping
from math import log, log10

from missent.checks.context import Context
from missent.message.model import Message
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Fact, Finding, Severity
from missent.recipients.families import share
from missent.recipients.standing import Kind, Resemblance

ID = "lookalike-domain"

VOUCHED: Mapping[Kind, float] = {Kind.OWN: 2.0, Kind.REGISTERED: 1.6, Kind.PACKAGED: 1.6, Kind.ESTABLISHED: -1.2}
"""Log-odds that standing adds: somebody vouches for a protected name; an established one earns it by its traffic."""

SAME_CONTACT = 5.0  # the sender's own contact has this local part at the resembled domain
SAME_LOCAL = 4.0  # somebody there has it
SAME_NAME = 4.0  # somebody there has this display name
SAME_ROLE = 1.0  # … but it is one that every domain has
STRANGER = -1.2  # people are known there, and this one is not among them
ANSWERED = -3.0  # somebody wrote from the domain in question
ENOUGH = 3  # people known at a domain before one more is a stranger
HIGH, MEDIUM = 0.8, 0.5
SUREST = 0.99
"""What names and counts can tell: nobody is surer of what another meant."""

_ROLES = """
    admin accounts billing contact enquiries help hello hostmaster hr info inquiries invoice jobs mail marketing news
    newsletter no-reply noreply office orders postmaster press sales service support webmaster
"""
ROLES = frozenset(_ROLES.split())
"""Local parts that every domain has."""


def look(message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """At most one finding a recipient: the likeliest resemblance that evidence does not refute."""
    names = {a.key: a.name for a in message.rcpts if a.name} if message else {}
    for address in {r.address.key: r.address for r in envelope.rcpts}.values():
        resembled = context.resembling.get(address.domain, ())
        if not resembled or address.key in context.known.confirmed or _protected(address.domain, context):
            continue
        name = (address.name or names.get(address.key, "")).casefold()
        found = max((_weigh(address, name, one, context) for one in resembled), key=lambda pair: pair[0])
        if found[0] >= MEDIUM:
            yield _finding(address, *found, context)


def _protected(domain: str, context: Context) -> bool:
    kind = context.names.kind(domain)
    return context.own(domain) or (kind is not None and kind.protected)


def _established(domain: str, context: Context) -> bool:
    """Whether history established the domain by the message's date; names stand in where history was not asked."""
    if context.known.domains:
        since = context.known.domain(domain).established
        return since is not None and since <= context.at
    return context.names.kind(domain) is Kind.ESTABLISHED


def _weigh(address: Address, name: str, one: Resemblance, context: Context) -> tuple[float, Resemblance]:
    """The confidence that `one` was meant; 0 where standing forbids to say so."""
    odds = log(max(one.likeness, 1e-9) / max(1 - one.likeness, 1e-9)) + VOUCHED[one.kind]
    if _established(address.domain, context):
        return (share(odds) if one.kind.protected else 0.0), one
    if one.kind.protected:
        odds += ANSWERED / 3 if context.known.domain(address.domain).received else 0.0
    elif _established(one.known, context):
        odds += _traffic(one, context)
        odds += ANSWERED if context.known.domain(address.domain).received else 0.0
    else:
        return 0.0, one
    return share(odds + _person(address, name, one, context)), one


def _traffic(one: Resemblance, context: Context) -> float:
    """Slips grow with the mail there is to slip in."""
    facts = context.known.domain(one.known)
    return min(0.8 * log10(1 + facts.sent + facts.received), 3.0)


def _person(address: Address, name: str, one: Resemblance, context: Context) -> float:
    """What is known of this person at the resembled domain."""
    there = [context.known.domain(domain) for domain in {one.known, one.meant}]
    local = address.local.casefold()
    role = local in ROLES
    if f"{local}@{one.meant}" in context.known.contacts:
        return SAME_ROLE if role else SAME_CONTACT
    if any(local in facts.locals for facts in there):
        return SAME_ROLE if role else SAME_LOCAL
    if " " in name and any(name in facts.names for facts in there):
        return SAME_NAME
    return STRANGER if sum(len(facts.locals) for facts in there) >= ENOUGH else 0.0


def _finding(address: Address, confidence: float, one: Resemblance, context: Context) -> Finding:
    facts = context.known.domain(address.domain)
    established = _established(address.domain, context)
    severity = Severity.HIGH if confidence >= HIGH and not established else Severity.MEDIUM
    discreet = context.register.discreet(one.known)
    evidence: dict[str, Fact] = {
        "resembles": one.known,
        "family": one.family,
        "standing": "established" if established else "seen" if facts.sent or facts.received else "new",
        "known_as": str(one.kind),
        "times_sent": facts.sent,
    }
    if discreet:
        evidence["discreet"] = True
    suggestion = None if discreet else address.at(one.meant).spec
    return Finding(ID, severity, min(round(confidence, 3), SUREST), address.key, suggestion, evidence)
