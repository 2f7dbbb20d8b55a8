"""`hidden-content`: an attached file holds more than its sender sees.

Knows: what the reader of files counted: hidden sheets, rows and columns, filtered rows, pivot caches, tracked changes,
comments, notes, cropped or invisible text; how much one sees, and how much there is.
Matters: a spreadsheet with 150 rows in sight and 18,714 in it is how whole databases were sent by people who had looked.
Does not say: that what is hidden is sensitive, nor that it must not be sent. It is true whoever receives the message, so
it stands for all. Automatic mail is looked at too.
Cost when wrong: one question in a compose window (`medium`), or a line in the record.
ECMA-376 (sheet state, hidden rows, pivot caches, revisions), ISO 32000 (invisible text), OpenDocument 1.3.
"""

from collections.abc import Iterator

from missent.checks.context import Context
from missent.content.opened import Hidden
from missent.message.model import Message
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Fact, Finding, Severity

ID = "hidden-content"
MANY = 100
"""Hidden rows, cells, pages … from which it is worth a question."""
_ROWS = frozenset(
    ("hidden-sheet", "very-hidden-sheet", "hidden-rows", "hidden-columns", "filtered-rows", "pivot-cache", "false-dimension")
)
"""Kinds that can carry a whole table; the others are somebody's words."""
_MOST = 20


def look(message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """One finding a place and kind, the twenty largest."""
    largest: dict[tuple[str, str], Hidden] = {}
    for hidden in context.seen.opened.hidden:
        known = largest.get((hidden.where, hidden.kind))
        if known is None or hidden.held - hidden.shown > known.held - known.shown:
            largest[hidden.where, hidden.kind] = hidden
    for hidden in sorted(largest.values(), key=lambda h: h.shown - h.held)[:_MOST]:
        much = hidden.kind in _ROWS and hidden.held - hidden.shown >= MANY
        evidence: dict[str, Fact] = {"kind": hidden.kind, "where": hidden.where, "shown": hidden.shown, "held": hidden.held}
        yield Finding(ID, Severity.MEDIUM if much else Severity.LOW, 0.95, evidence=evidence)
