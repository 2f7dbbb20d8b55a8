"""`odd-recipient`: this person does not belong with these people, this thread, this subject.

Knows: what the recipient model learned of the site's mail (`missent.recipients.model`): how often, how lately, about what, in
which company and thread the sender writes to whom.
Matters: the list of addresses completes the first letters, and a well-known wrong one goes out unseen.
Does not say: that a recipient is unknown (`newcomer`); a frequent contact has no pass.
Cost when wrong: within the budget of prompts: `high` holds one right copy in 1,000 mails, `medium` records another.
Carvalho and Cohen, SDM 2007; Zilberman et al. 2013.
"""

from collections.abc import Iterator

from missent.checks.context import Context
from missent.checks.doubts import doubts
from missent.message.model import Message
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Finding

ID = "odd-recipient"


def look(_message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """One finding for each recipient above the bar of the budget of whom nothing plainer can be said."""
    yield from doubts(ID, envelope, context)
