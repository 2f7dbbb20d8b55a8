"""`new-to-thread`: a reply goes to somebody who did not stand in the thread's last mail.

Knows: who stood in the last mail of the thread (by Message-ID or subject), if the sender did, too; the recipient model's score.
Matters: what was said before goes along as quoted history, to somebody it was not said to.
Does not say: that nobody may be added: alone it is only recorded. Silent for threads the model has not seen.
Cost when wrong: a line in the record (`low`); above the bar of the budget as `odd-recipient`.
RFC 5322 3.6.4 (In-Reply-To, References).
"""

from collections.abc import Iterator

from missent.checks.company import recipients
from missent.checks.context import Context
from missent.checks.doubts import doubts
from missent.message.model import Message
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Finding, Severity

ID = "new-to-thread"


def look(_message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """One finding for each recipient new to the thread: medium or high above the bar of the budget, else low."""
    yield from doubts(ID, envelope, context)
    for key in (rcpt.key for rcpt in recipients(envelope)):
        stood = context.weighed.newcomers.get(key)
        if stood and key not in context.weighed.doubts:
            yield Finding(ID, Severity.LOW, 1.0, key, evidence={"thread": stood})
