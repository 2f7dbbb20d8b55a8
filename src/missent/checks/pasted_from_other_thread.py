"""`pasted-from-other-thread`: the history quoted here was written among other people outside than those it goes to.

Knows: the addresses in the quoted history; whether any recipient outside, or anybody at their organisations, is among
them.
Matters: an answer written below the wrong conversation hands one partner's words to another.
Does not say: that it was a mistake: people show each other mail on purpose, so forwards are silent, and so is a thread in
which any of the recipients took part. Own people's addresses say nothing. History without addresses (names only) is not
seen. Automatic mail is not looked at.
Cost when wrong: a line in the record (`low`).
RFC 5322 3.6.4 (threads), 3.6.3.
"""

import re
from collections.abc import Iterator

from missent.checks.company import company, machine, recipients
from missent.checks.context import Context
from missent.checks.forwards import forwards
from missent.message.model import Message
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Finding, Severity

ID = "pasted-from-other-thread"
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?![\w-])", re.IGNORECASE | re.ASCII)
_FORWARDED = re.compile(
    r"[ \t>|]{0,20}(?:-{2,}[ ]*(?:forwarded|weitergeleitet|doorgestuurd)|begin forwarded message)", re.IGNORECASE
)
_LONGEST, _MOST = 200_000, 500


def look(message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """One finding a recipient outside, if none of those outside has a part in the quoted history."""
    if message is None or machine(message, envelope) or forwards(message.subject):
        return
    quoted = [p.text[:_LONGEST] for p in context.seen.opened.pieces if p.where == "quoted" and not _FORWARDED.match(p.text)]
    there = {a.key: a for text in quoted for a in _addresses(text) if not context.own(a.domain)}
    if not there:
        return
    outside = [a for a in company(message, envelope).values() if not context.own(a.domain)]
    organisations = {_organisation(a, context) for a in there.values()}
    if any(a.key in there or _organisation(a, context) in organisations for a in outside):
        return
    for rcpt in recipients(envelope):
        if not context.own(rcpt.domain):
            yield Finding(ID, Severity.LOW, 0.4, rcpt.key, evidence={"where": "quoted", "people": len(there)})


def _addresses(text: str) -> Iterator[Address]:
    for number, found in enumerate(_ADDRESS.finditer(text)):
        if number >= _MOST:
            return
        yield Address.parse(found[0].lower())


def _organisation(address: Address, context: Context) -> str:
    """The registrable domain; of free mail the address itself."""
    if context.names.free_mail(address.domain):
        return address.key
    return context.names.registrable(address.domain) or address.domain
