"""`missing-recipient`: somebody who nearly always stands beside a recipient is absent this time, and it says who.

Knows: of the sender's own mails to this recipient (eight and more), beside how many who else stood.
Matters: a wrong recipient often stands in the place of the right one; the absent one is the better half of the proof.
Does not say: that anybody has a right to a copy. Alone it is only recorded.
Cost when wrong: a line in the record (`low`).
Carvalho and Cohen, SDM 2007 (co-occurrence); Carvalho and Cohen, ECIR 2008 (recipient recommendation).
"""

from collections.abc import Iterator

from missent.checks.company import recipients
from missent.checks.context import Context
from missent.message.model import Message
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Finding, Severity

ID = "missing-recipient"


def look(_message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """One finding for each recipient whose usual companion is absent; the companion is suggested."""
    for key in (rcpt.key for rcpt in recipients(envelope)):
        absent = context.weighed.absent.get(key)
        if absent is not None:
            evidence = {"together": absent.together, "of": absent.of}
            confidence = round(absent.together / absent.of, 3)
            yield Finding(ID, Severity.LOW, confidence, key, Address.parse(absent.address).spec, evidence)
