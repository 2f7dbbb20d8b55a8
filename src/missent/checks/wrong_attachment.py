"""`wrong-attachment`: an attached file speaks of, or was sent to, another organisation than the recipient's.

Knows: the register's partners, and which of them a file's name, properties or first words name; which organisations had
the same file, or nearly the same words, before.
Matters: the right person with the wrong file is as bad as the wrong person: one partner's prices, plans or people at
another's.
Does not say: that a file belongs to whom it names. A name in a file's text alone, or a past alone, is a line in the
record: brochures go to everybody, so a file that more than three organisations had says nothing. Silent where the
organisation named is among the recipients, or in a group with this one. Own people are not meant. Without a key (a bare
`check` beside no store) there is no past to compare. Automatic mail is looked at too.
Cost when wrong: one held copy and one answer (`high`, name and past agree); one question (`medium`, the file's name).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from missent.checks.company import company, recipients
from missent.checks.context import Context
from missent.checks.partners_named import named
from missent.content.carried import ALIKE
from missent.content.opened import Attachment, Mark
from missent.message.model import Message
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Fact, Finding, Severity
from missent.recipients.register import Partner

ID = "wrong-attachment"
FEW = 3
"""Organisations that had a file, up to which it is somebody's rather than everybody's."""
_HEAD = 600
_MOST = 50


@dataclass(frozen=True, slots=True)
class _File:
    """What is known of one attachment: partners in its name or properties, in its first words; who had it."""

    where: str
    name: tuple[Partner, ...]
    text: tuple[Partner, ...]
    past: frozenset[str]


def look(message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """One finding a recipient outside, about the attachment that weighs most."""
    opened = context.seen.opened
    files = [f for f in (_file(a, context) for a in opened.attachments[:_MOST]) if f.name or f.text or f.past]
    if not files:
        return
    here = {_organisation(a, context) for a in company(message, envelope).values()}
    for rcpt in recipients(envelope):
        if not context.own(rcpt.domain):
            found = [finding for f in files if (finding := _against(f, rcpt, here, context))]
            yield from sorted(found, key=lambda f: (-f.severity, -f.confidence))[:1]


def _file(attachment: Attachment, context: Context) -> _File:
    opened, partners = context.seen.opened, context.register.partners
    where = f"attachment:{attachment.path}"
    mine = [p for p in opened.pieces if p.where == where or p.where.startswith(f"{where}/")] if partners else []
    says = " | ".join((attachment.name, *(p.text[:_HEAD] for p in mine if p.kind in ("name", "property"))))
    text = " ".join(p.text[:_HEAD] for p in mine if p.kind == "attachment")
    mark = next((m for m in opened.marks if m.path == attachment.path), None)
    past = _past(mark, context) if mark else frozenset()
    return _File(where, named(says, partners), named(text, partners), past)


def _past(mark: Mark, context: Context) -> frozenset[str]:
    """Organisations that had this file, or one with nearly the same words; nobody if it is everybody's."""
    carried = context.known.carried
    had = set(carried.get(mark.exact, ()))
    shared: dict[str, int] = {}
    for near in mark.near:
        for organisation in carried.get(near, ()):
            shared[organisation] = shared.get(organisation, 0) + 1
    had |= {organisation for organisation, count in shared.items() if count >= ALIKE}
    return frozenset(had) if len(had) <= FEW else frozenset()


def _against(file: _File, rcpt: Address, here: set[str], context: Context) -> Finding | None:
    mine = _organisation(rcpt, context)
    strange = [[p for p in partners if not _near(p, rcpt, here, context)] for partners in (file.name, file.text)]
    if any(_covers(p, rcpt) for p in (*file.name, *file.text)):
        strange = [[], []]  # it names the recipient's own organisation, too
    past = frozenset() if mine in file.past else frozenset(o for o in file.past if o not in here)
    agree = {_of_domain(p.domain, context) for p in (*strange[0], *strange[1])} & past
    by = "-".join(word for word, so in (("name", strange[0]), ("text", strange[1]), ("past", past)) if so)
    if not by:
        return None
    severity, sure = _weight(bool(strange[0]), bool(strange[1]), agree=bool(agree))
    evidence: dict[str, Fact] = {"by": by, "where": file.where, "past": len(past)}
    told = next((p for p in (*strange[0], *strange[1]) if not context.register.discreet(p.domain)), None)
    if told:
        evidence["organisation"] = told.name or told.domain
    return Finding(ID, severity, sure, rcpt.key, evidence=evidence)


def _weight(by_name: bool, by_text: bool, *, agree: bool) -> tuple[Severity, float]:  # noqa: FBT001 — a table of three facts
    if by_name:
        return (Severity.HIGH, 0.8) if agree else (Severity.MEDIUM, 0.6)
    if by_text and agree:
        return Severity.MEDIUM, 0.5
    return Severity.LOW, 0.3


def _near(partner: Partner, rcpt: Address, here: set[str], context: Context) -> bool:
    """Whether a partner named is no stranger here: own, among the recipients, or in a group with this one."""
    if context.own(partner.domain) or _of_domain(partner.domain, context) in here:
        return True
    register = context.register
    groups = register.clearance(Address("", partner.domain)).groups
    return bool(groups) and not set(groups).isdisjoint(register.clearance(rcpt).groups)


def _covers(partner: Partner, rcpt: Address) -> bool:
    return f".{rcpt.domain}".endswith(f".{partner.domain}")


def _organisation(address: Address, context: Context) -> str:
    return _of_domain(address.domain, context)


def _of_domain(domain: str, context: Context) -> str:
    """What history calls the organisation of a domain."""
    return context.names.registrable(domain) or domain
