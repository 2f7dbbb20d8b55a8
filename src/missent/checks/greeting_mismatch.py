"""`greeting-mismatch`: the message greets somebody by name, and nobody of that name is among its recipients.

Knows: the names in the greeting; display names of the recipients, as the message and as history have them, and the words
of their addresses.
Matters: the greeting says whom the sender had in mind, the address what was picked from a list.
Does not say: who was meant. Nicknames and short forms are the same name; an address that tells no name (`desk@`, initials
that fit) may be anybody, so it is silent then, and for more than ten recipients and automatic mail. The name itself is in
no evidence.
Cost when wrong: a line in the record (`low`): people pass on mail with somebody else's greeting every day.
"""

from collections.abc import Iterable, Iterator

from missent.checks.company import company, display_names, machine, recipients
from missent.checks.context import Context
from missent.checks.display_names import words
from missent.checks.greetings import folded, greeted
from missent.checks.local_parts import shape
from missent.checks.nicknames import same
from missent.message.model import Message
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Finding, Severity

ID = "greeting-mismatch"
MOST = 10


def look(message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """One finding at each recipient, if none of them can be who is greeted."""
    if message is None or machine(message, envelope):
        return
    names = greeted(next((piece.text for piece in context.seen.opened.pieces if piece.where == "body"), ""))
    people = company(message, envelope)
    if not names or len(people) > MOST:
        return
    shown = display_names(message)
    if any(_may_be(names, a, _names(a, shown.get(key, a.name), context)) for key, a in people.items()):
        return
    for rcpt in recipients(envelope):
        yield Finding(ID, Severity.LOW, 0.4, rcpt.key, evidence={"greeted": len(names), "recipients": len(people)})


def _names(address: Address, shown: str, context: Context) -> tuple[str, ...]:
    """Words of a person's display names, folded."""
    contact = context.known.contacts.get(address.key)
    known = contact.address.name if contact else ""
    return tuple(folded(word) for name in (shown, known) for word in words(name))


def _may_be(greeted_: Iterable[str], address: Address, names: tuple[str, ...]) -> bool:
    local = shape(address.local)
    if local.role or not local.stem:
        return True
    heads = {word[0] for word in local.words}
    for name in greeted_:
        if any(same(name, word) for word in (*names, *local.words)) or (len(name) > 2 and name in local.stem):
            return True
        if not names and not local.person and name[0] in heads:
            return True  # `ac@`, `aclark@`: may be Anna
    return False
