"""`personal-address`: the free-mail address of somebody the sender writes to at work.

Knows: the sender's contacts at addresses that are not free mail, by display name or by a local part that spells the
same full name; which domains give a mailbox to anybody.
Matters: completion offers the private address first, work leaves the employer's protection and retention, and a
stranger may bear the same name at a free-mail host.
Does not say: that the two are one person; a common name is shared by many. Silent once the private address is regularly
written to or confirmed, and when the work address is among the recipients. Automatic mail is looked at too.
Cost when wrong: one question in a compose window (`medium`); nothing in the mail path.
RFC 5322 3.4 (display names are the writer's own choice).
"""

from collections.abc import Iterator
from datetime import timedelta

from missent.checks.company import company, display_names, recipients
from missent.checks.context import Context
from missent.checks.display_names import words
from missent.checks.local_parts import shape
from missent.message.model import Message
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Fact, Finding, Severity
from missent.recipients.history import Contact

ID = "personal-address"
OFTEN = 3
RECENT = timedelta(days=365)
SPELLED = 7
"""Letters from which a local part of one word is taken for a person's full name."""


def look(message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """One finding a free-mail recipient who is like an absent work contact; that contact is suggested."""
    private = [a for a in recipients(envelope) if context.names.free_mail(a.domain) and not _settled(a.key, context)]
    if not private or not context.known.contacts:
        return
    here, names = company(message, envelope), display_names(message)
    at_work = _at_work(set(here) | {envelope.sender_key}, context)
    for rcpt in private:
        found = _by_name(names.get(rcpt.key, rcpt.name), at_work) or _by_local(rcpt, at_work)
        if found and not context.own(rcpt.domain):
            yield _finding(rcpt, found[0], found[1], context)


def _settled(key: str, context: Context) -> bool:
    contact = context.known.contacts.get(key)
    return key in context.known.confirmed or (contact is not None and contact.sent >= OFTEN)


def _at_work(but: set[str], context: Context) -> tuple[dict[tuple[str, ...], Contact], dict[str, Contact]]:
    """Absent work contacts by the words of their names, and by the letters their names or local parts are written with."""
    by_name: dict[tuple[str, ...], Contact] = {}
    by_letters: dict[str, Contact] = {}
    contacts = (c for c in context.known.contacts.values() if c.sent and c.address.key not in but)
    for contact in sorted(contacts, key=lambda c: (c.sent, c.address.key)):
        if context.names.free_mail(contact.address.domain) or context.names.disposable(contact.address.domain):
            continue
        full, local = words(contact.address.name), shape(contact.address.local)
        if local.role:
            continue
        if full:
            by_name[full] = contact
            by_letters["".join(full)] = by_letters["".join(full[::-1])] = contact
        if local.person or len(local.stem) >= SPELLED:
            by_letters[local.stem] = contact
    return by_name, by_letters


def _by_name(name: str, at_work: tuple[dict[tuple[str, ...], Contact], dict[str, Contact]]) -> tuple[str, Contact] | None:
    contact = at_work[0].get(words(name)) if words(name) else None
    return ("name", contact) if contact else None


def _by_local(rcpt: Address, at_work: tuple[dict[tuple[str, ...], Contact], dict[str, Contact]]) -> tuple[str, Contact] | None:
    local = shape(rcpt.local)
    letters = (local.stem, "".join(sorted(local.words)), "".join(local.words[::-1]))
    contact = next((at_work[1][each] for each in letters if each in at_work[1]), None)
    return ("local-part", contact) if contact and not local.role and len(local.stem) >= SPELLED else None


def _finding(rcpt: Address, by: str, work: Contact, context: Context) -> Finding:
    here = context.known.contacts.get(rcpt.key)
    often = work.sent >= OFTEN and context.at - work.last <= RECENT
    severity = Severity.MEDIUM if often and here is None else Severity.LOW
    evidence: dict[str, Fact] = {"by": by, "work_sent": work.sent, "sent": here.sent if here else 0}
    return Finding(ID, severity, 0.5 if severity is Severity.MEDIUM else 0.2, rcpt.key, work.address.spec, evidence)
