"""What a sender's decision teaches: a correction its thread, a confirmation that sender; never the organisation."""

from dataclasses import dataclass

from missent.nouns.address import Address
from missent.nouns.hold import HeldCopy, Hold, State
from missent.nouns.sighting import Sighting

_THREAD = 100
"""Message-IDs of a thread that remember a correction."""


@dataclass(frozen=True, slots=True)
class Correction:
    """In these messages' thread, `wrong` (address key) meant `right` (address)."""

    message_ids: tuple[str, ...]
    wrong: str
    right: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a sender really means to write to (address keys)."""

    sender: str
    address: str


def lessons(hold: Hold, copy: HeldCopy) -> tuple[Correction | Confirmation, ...]:
    """What is to be remembered of a copy that has just come to its state."""
    if copy.state is State.CORRECTED and copy.corrected_to:
        thread = tuple(dict.fromkeys(i for i in (hold.message_id, *hold.references) if i))[:_THREAD]
        return (Correction(thread, copy.rcpt.key, copy.corrected_to),) if thread else ()
    if copy.state is State.CONFIRMED and hold.mail_from:
        return (Confirmation(hold.mail_from.key, copy.rcpt.key),)
    return ()


def meant(hold: Hold, copy: HeldCopy) -> Sighting | None:
    """What history is told of a copy that its sender confirmed or corrected: it goes to whom it was meant for."""
    if hold.mail_from is None or copy.state not in (State.CONFIRMED, State.CORRECTED):
        return None
    confirmed = copy.state is State.CONFIRMED
    rcpt = copy.rcpt if confirmed else Address.parse(copy.corrected_to or "")
    return Sighting(
        hold.message_id,
        hold.created,
        hold.mail_from,
        (rcpt,),
        hold.references,
        automatic=not hold.asks_sender,
        traits=hold.traits,
        score=hold.score if confirmed else None,
    )
