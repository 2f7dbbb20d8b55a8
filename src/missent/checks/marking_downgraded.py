"""`marking-downgraded`: the message says a lower marking than what it answers, or none.

Knows: the high-water mark of what is new in the message (subject, fields, text, attachments) and of the history quoted in
it.
Matters: the quoted text is as secret as it was, and whoever files, forwards or releases the reply goes by its marking.
Does not say: that the lower marking is wrong: an authority may have lowered it, or the passage that earned it was cut.
Dropping OFFICIAL, UNCLASSIFIED or TLP:CLEAR is nothing; another scheme counts as lower unless published as at least as
high. It is true whoever receives the message, so it stands for all. Automatic mail is looked at too.
Cost when wrong: one question in a compose window (`medium`, for classified history); else a line in the record. 32 CFR
2001.24 (derivative marking carries the source's), GSCP 2023 (the originator alone changes a marking).
"""

from collections.abc import Iterator

from missent.checks.context import Context
from missent.message.model import Message
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Finding, Severity

ID = "marking-downgraded"


def look(message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """At most one finding, about the message."""
    thread = context.known.marked
    if not thread and not any(found.marking.where.endswith("quoted") for found in context.seen.markings):
        return
    from missent.content.markings.ceilings import Gravity, gravity
    from missent.content.markings.high_water import downgraded, of_history

    now, quoted = of_history(context.seen.markings)
    was = next((earlier for earlier in (quoted, *thread) if earlier and downgraded(now, earlier)), None)
    if was is not None:
        weight = gravity(was)
        severity = Severity.MEDIUM if weight is Gravity.CLASSIFIED else Severity.LOW
        sure = 0.9 if weight > Gravity.SOFT else 0.5
        yield Finding(ID, severity, sure, evidence={"was": was.text, "now": now.text if now else "", "where": was.where})
