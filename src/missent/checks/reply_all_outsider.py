"""`reply-all-outsider`: a reply to all among colleagues carries one recipient from outside who does not fit.

Knows: the recipient model's score, and that every other recipient (three and more) is of the sender's own domain.
Matters: who was copied once from outside gets all that insiders say to each other afterwards.
Does not say: that outsiders may not be answered; without the score it is silent.
Cost when wrong: within the budget of prompts: `high` holds one right copy in 1,000 mails, `medium` records another.
Carvalho and Cohen, SDM 2007; Zilberman et al. 2013.
"""

from collections.abc import Iterator

from missent.checks.context import Context
from missent.checks.doubts import doubts
from missent.message.model import Message
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Finding

ID = "reply-all-outsider"


def look(_message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """One finding for each outsider above the bar of the budget in a reply among insiders."""
    yield from doubts(ID, envelope, context)
