"""`namesake`: another person with a like name is the one the sender writes to about this.

Knows: the recipient model's rival: a contact of the sender's with a like name, absent from the mail, who fits it better.
Matters: most misdirections that people confess are namesakes: same surname, same first name, same name elsewhere.
Does not say: that the names are alike to the eye (`lookalike-address` compares the letters).
Cost when wrong: within the budget of prompts: `high` holds one right copy in 1,000 mails, `medium` records another.
Carvalho and Cohen, SDM 2007; Zilberman et al. 2013.
"""

from collections.abc import Iterator

from missent.checks.context import Context
from missent.checks.doubts import doubts
from missent.message.model import Message
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Finding

ID = "namesake"


def look(_message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """One finding for each recipient above the bar of the budget whose rival fits better; the rival is suggested."""
    yield from doubts(ID, envelope, context)
