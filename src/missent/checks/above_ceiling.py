"""`above-ceiling`: the message bears a marking that this recipient may not receive, or of which nobody said that they may.

Knows: every marking of subject, fields, text, quoted history and attachments, each by itself; the register's ceilings for
the address, its domain or one above; the partial order that governments published between schemes.
Matters: a marking is what the author said of how a text must be kept; mail leaves the network where that was promised.
Does not say: that the marking is right, nor what controls beside the level ask (`not-releasable` does). OFFICIAL,
UNCLASSIFIED and TLP:CLEAR are within every ceiling. Where two levels are incomparable it is above. Without a ceiling it
says less the better the recipient is known, and nothing of own domains. A sender's word lifts no ceiling: a confirmation
does not silence it. Automatic mail is looked at too.
Cost when wrong: one held copy that a reviewer lets go (`high`).
GSCP 2023, E.O. 13526 sec. 4.1, C-M(2002)49, PSPF policy 8; the order: `missent.content.markings.lattice`.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from missent.checks.company import recipients
from missent.checks.context import Context
from missent.checks.places import Place, place
from missent.content.markings.found import Found, Position
from missent.message.model import Message
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope
from missent.nouns.finding import Fact, Finding, Severity
from missent.recipients.register import Clearance

if TYPE_CHECKING:
    from missent.content.markings.ceilings import Gravity

ID = "above-ceiling"
_SURE = MappingProxyType({Position.LINE: 0.85, Position.PORTION: 0.9})
_SHARED = frozenset(("CONFIDENTIAL", "RESTRICTED"))
_PAGES = frozenset((Position.BANNER, Position.LINE))
_LOW, _MEDIUM, _HIGH = Severity.LOW, Severity.MEDIUM, Severity.HIGH
_UNREGISTERED: Mapping[Place, tuple[Severity | None, ...]] = MappingProxyType(
    {
        Place.OWN: (None, None, None),
        Place.KNOWN: (None, _LOW, _HIGH),
        Place.NEW: (_LOW, _MEDIUM, _HIGH),
        Place.FREE: (_LOW, _MEDIUM, _HIGH),
        Place.LOOKALIKE: (_MEDIUM, _HIGH, _HIGH),
    }
)
"""Where no ceiling is registered: severity for what is soft, sensitive, classified."""


def look(message: Message | None, envelope: Envelope, context: Context) -> Iterator[Finding]:
    """One finding a recipient, about the marking that weighs most there."""
    if not context.seen.markings:
        return
    from missent.content.markings.ceilings import Gravity  # grammars: loaded where there is a marking at all

    graded = [(_gravity(found), found) for found in context.seen.markings]
    marked = sorted(((g, f) for g, f in graded if g is not Gravity.OPEN), key=lambda pair: -pair[0])
    for rcpt in recipients(envelope) if marked else ():
        cleared = context.register.clearance(rcpt)
        where = place(rcpt, cleared, context)
        above = [(_severity(g, f, cleared, where), f) for g, f in marked]
        worst = max(((s, f) for s, f in above if s is not None), key=lambda pair: pair[0], default=None)
        if worst:
            yield _finding(rcpt, *worst, (cleared, where), context)


def _gravity(found: Found) -> "Gravity":
    """A word that firms write, too, alone on the pages of a file, may be a supplier's: it is sensitive, not classified."""
    from missent.content.markings.ceilings import Gravity, gravity

    weight, marking = gravity(found.marking), found.marking
    shared = marking.level in _SHARED and marking.scheme in ("uk-gpms", "us-eo13526") and not marking.controls
    if shared and found.position in _PAGES and marking.where.startswith("attachment:"):
        return min(weight, Gravity.SENSITIVE)
    return weight


def _severity(gravity: int, found: Found, cleared: Clearance, where: Place) -> Severity | None:
    """How bad it is that this marking goes there; None if it may."""
    if not cleared.ceilings:
        return _UNREGISTERED[where][gravity - 1]
    from missent.content.markings.high_water import above

    if not above(found.marking, dict(cleared.ceilings)):
        return None
    if _comparable(found, cleared):
        return Severity.HIGH
    least = 3 if where is Place.OWN else 2  # at home only a government's classification must be spelled out for each scheme
    return Severity.HIGH if gravity >= least else Severity.LOW


def _comparable(found: Found, cleared: Clearance) -> bool:
    from missent.content.markings.high_water import grade
    from missent.content.markings.lattice import Grade, comparable

    return any(comparable(grade(found.marking), Grade(*ceiling)) for ceiling in cleared.ceilings)


def _finding(rcpt: Address, severity: Severity, found: Found, where: tuple[Clearance, Place], context: Context) -> Finding:
    cleared, place_ = where
    evidence: dict[str, Fact] = {
        "marking": found.marking.text,
        "scheme": found.marking.scheme,
        "where": found.marking.where,
        "place": str(place_),
        "comparable": bool(cleared.ceilings) and _comparable(found, cleared),
    }
    if context.register.discreet(rcpt.domain):
        evidence["discreet"] = True
    elif cleared.ceilings:
        evidence["ceiling"] = ", ".join(level for _, level in cleared.ceilings)
    return Finding(ID, severity, _SURE.get(found.position, 0.95), rcpt.key, evidence=evidence)
