"""What the sender's page shows of a hold: each copy with its reasons and the buttons it may have; nothing of content."""

from dataclasses import dataclass
from datetime import datetime

from missent.delivery.told import reasons
from missent.nouns.hold import HeldCopy, Hold
from missent.web.answering import Said, answerable, confirmable
from missent.web.states import for_sender, tone


@dataclass(frozen=True, slots=True)
class Row:
    """One copy on the page.

    Attributes:
        answerable: whether it gets buttons; confirmable: also the one that lets it go.
        said: what is said back about it after a press.
        expires: when it comes back unsent.
    """

    id: int
    address: str
    name: str
    reasons: tuple[str, ...]
    suggestion: str
    answerable: bool
    confirmable: bool
    stands: str
    tone: str
    expires: datetime
    said: Said | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """Which buttons for all copies at once make sense: two wait, each has a suggestion, the sender's word lets each go."""

    several: bool
    suggested: bool
    confirmable: bool


def rows(hold: Hold, said: dict[int, Said]) -> list[Row]:
    """The hold's copies in order."""
    return [_row(copy, said.get(copy.id)) for copy in hold.copies]


def whole(hold: Hold) -> Whole:
    """What may be decided for all at once."""
    waiting = [copy for copy in hold.copies if answerable(copy)]
    return Whole(len(waiting) > 1, all(copy.suggestion for copy in waiting), all(map(confirmable, waiting)))


def _row(copy: HeldCopy, said: Said | None) -> Row:
    return Row(
        id=copy.id,
        address=copy.rcpt.spec,
        name=copy.rcpt.name,
        reasons=reasons(copy),
        suggestion=copy.suggestion or "",
        answerable=answerable(copy),
        confirmable=confirmable(copy),
        stands=for_sender(copy),
        tone=tone(copy),
        expires=copy.expires,
        said=said,
    )
