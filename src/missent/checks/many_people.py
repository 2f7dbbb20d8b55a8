"""`many-people`: one attachment holds the records of many people, and goes outside.

Knows: how many distinct people's records (names beside addresses, numbers or dates of birth) the reader of files counted
in each attachment, hidden parts included; what the recipient is.
Matters: one wrong address and a table of thousands is the worst single mail an organisation can send.
Does not say: who they are, nor that it may not be sent. Silent among own people and with cleared partners. Automatic mail
is looked at too.
Cost when wrong: one held copy and one answer (`high`: a thousand people and more, to somebody not known here); else one
question.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from missent.checks.company import recipients
from missent.checks.context import Context
from missent.checks.places import Place, place
from missent.message.model import Message
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Fact, Finding, Severity

ID = "many-people"
SOME, MANY, MASSES = 20, 100, 1000
_LOW, _MEDIUM, _HIGH = Severity.LOW, Severity.MEDIUM, Severity.HIGH
_TABLE: Mapping[Place, tuple[Severity, Severity, Severity]] = MappingProxyType(
    {
        Place.KNOWN: (_LOW, _LOW, _MEDIUM),
        Place.NEW: (_LOW, _MEDIUM, _HIGH),
        Place.FREE: (_MEDIUM, _MEDIUM, _HIGH),
        Place.LOOKALIKE: (_MEDIUM, _HIGH, _HIGH),
    }
)
"""Severity for some, many, masses of people."""


def look(message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """One finding a recipient outside, about the attachment with most people."""
    fullest = max(context.seen.opened.attachments, key=lambda a: a.people, default=None)
    if fullest is None or fullest.people < SOME:
        return
    size = (fullest.people >= MANY) + (fullest.people >= MASSES)
    for rcpt in recipients(envelope):
        where = place(rcpt, context.register.clearance(rcpt), context)
        if where in _TABLE:
            evidence: dict[str, Fact] = {"people": fullest.people, "where": f"attachment:{fullest.path}", "place": str(where)}
            yield Finding(ID, _TABLE[where][size], 0.8, rcpt.key, evidence=evidence)
