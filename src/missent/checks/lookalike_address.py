"""`lookalike-address`: the domain is right, the person may not be.

Knows: whom this sender usually writes to, how often and when last; local parts alike to the one typed (`local_parts`),
display names alike to the one shown (`display_names`).
Matters: completion and memory slip to a namesake or to a neighbour's mailbox, where the mail is accepted and read.
Does not say: whether the mailbox exists, or whether a well-known contact is the wrong one (a contact that wrote to the
sender, was confirmed, or is regularly written to is silent). Roles, numbered rooms and families' first names are no
likeness. Somebody's second address at the same host is accused once, until it is confirmed.
Cost when wrong: one question at `high`, for an address never written to before; none of it at `medium` in the mail path.
RFC 5321 2.3.11 (only the host knows what a local part means), RFC 5233 (a +tag is the same mailbox).
Automatic mail is looked at too: its recipients were typed once, and nobody reads them again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from missent.checks.circle import Circle
from missent.checks.company import company, display_names, recipients
from missent.checks.context import Context
from missent.checks.display_names import Likeness, likeness, words
from missent.checks.local_parts import Strength, alike, shape
from missent.message.model import Message
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Fact, Finding, Severity
from missent.recipients.history import Contact, Known

ID = "lookalike-address"
OFTEN = 3
RECENT = timedelta(days=365)
MOST = 1000
"""Recipients compared in one message; more is a mailing, and said to be not inspected."""

DOTLESS = frozenset({"gmail.com", "googlemail.com"})
"""Hosts that ignore dots in local parts: the same mailbox, however dotted."""

_SEVERITY = {1: Severity.LOW, 2: Severity.MEDIUM, 3: Severity.HIGH}
_CONFIDENCE = {1: 0.2, 2: 0.5, 3: 0.85}
_UNSEEN = 0.1
"""Added where nobody here is known to use the address: more likely a slip than a namesake. Not yet measured."""


@dataclass(frozen=True, slots=True)
class Match:
    """A usual contact like the recipient: in which way, and how much it weighs (1-3)."""

    contact: Contact
    family: str
    weight: int


def look(message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """At most one finding a recipient; the usual contact most alike is suggested."""
    doubtful = [a for a in recipients(envelope) if a.domain and not settled(context.known, a.key)]
    if not doubtful or not context.known.contacts:
        return
    if len(doubtful) > MOST:
        evidence = {"reason": "too-many-recipients", "where": ID}
        yield Finding("not-inspected", Severity.LOW, 1.0, evidence=evidence)
        return
    circle = Circle(context.known.contacts, company(message, envelope).keys() | {envelope.sender_key})
    names = display_names(message)
    for rcpt in doubtful:
        name = names.get(rcpt.key, rcpt.name)
        matches = [*_neighbours(rcpt, name, circle, context)] or [*_namesakes(rcpt, name, circle, context)]
        if matches:
            yield _finding(rcpt, max(matches, key=lambda m: (m.weight, m.contact.sent, m.contact.address.key)), context)


def settled(known: Known, key: str) -> bool:
    """Whether the sender's dealings with an address leave no question: confirmed, often written to, or it wrote."""
    contact = known.contacts.get(key)
    return key in known.confirmed or (contact is not None and (contact.sent >= OFTEN or contact.received > 0))


def _neighbours(rcpt: Address, name: str, circle: Circle, context: Context) -> Iterator[Match]:
    """Usual contacts at the same domain with a like local part or display name."""
    typed, at = shape(rcpt.local), "@" + rcpt.domain
    written = circle.written_like(typed, rcpt.domain)
    named = {key: c for key, c in circle.named_like(name).items() if key.endswith(at)}
    for key, contact in (written | named).items():
        names = likeness(name, contact.address.name)
        if key not in written and names not in (Likeness.SAME, Likeness.NEAR):
            continue
        other = shape(contact.address.local)
        found = alike(typed, other, named=bool(words(contact.address.name)))
        if found is None and (key not in named or typed.role or other.role or typed.mailbox == other.mailbox):
            continue  # "Service Desk" is no person's name, and a +tag no other mailbox
        if rcpt.domain in DOTLESS and typed.packed == other.packed:
            continue
        family, weight = _with_names(found, names)
        weight -= _doubts(contact, rcpt.key, context)
        if weight > 0:
            yield Match(contact, family, weight)


def _with_names(found: tuple[str, Strength] | None, names: Likeness) -> tuple[str, int]:
    """What the display names add to the local parts' likeness, or take from it."""
    family, weight = found or ("name", 0)
    if names is Likeness.SAME:
        return family, Strength.STRONG
    if names is Likeness.NEAR:
        return family, max(weight, Strength.FAIR)
    return family, weight - 1 if names is Likeness.DIFFERENT else weight


def _namesakes(rcpt: Address, name: str, circle: Circle, context: Context) -> Iterator[Match]:
    """The same name at another domain: another employer's John Smith, or this one's new address.

    Free mail is `personal-address`'s to say, a domain that resembles another is `lookalike-domain`'s.
    """
    free = context.names.free_mail
    if not words(name) or free(rcpt.domain) or context.resembling.get(rcpt.domain):
        return
    for contact in circle.named_like(name).values():
        domain, weight = contact.address.domain, Strength.FAIR - _doubts(contact, rcpt.key, context)
        if weight > 0 and domain != rcpt.domain and not free(domain) and likeness(name, contact.address.name) is Likeness.SAME:
            yield Match(contact, "other-domain", weight)


def _doubts(contact: Contact, key: str, context: Context) -> int:
    """What speaks against a slip: the other is not that usual, or this one was written to before."""
    usual = contact.sent >= OFTEN and context.at - contact.last <= RECENT
    return (not usual) + (key in context.known.contacts)


def _finding(rcpt: Address, match: Match, context: Context) -> Finding:
    contact, here = match.contact, context.known.contacts.get(rcpt.key)
    locals_known = context.known.domain(rcpt.domain).locals
    unseen = bool(locals_known) and rcpt.local.casefold() not in locals_known
    evidence: dict[str, Fact] = {
        "family": match.family,
        "usual_sent": contact.sent,
        "usual_received": contact.received,
        "usual_days": max(0, (context.at - contact.last).days),
        "sent": here.sent if here else 0,
    }
    confidence = _CONFIDENCE[match.weight] + _UNSEEN * unseen
    return Finding(ID, _SEVERITY[match.weight], round(confidence, 2), rcpt.key, contact.address.spec, evidence)
