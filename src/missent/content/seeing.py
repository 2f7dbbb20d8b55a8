"""What one message holds, seen once for all recipients: its markings, its sensitive content, what it hides.

Checks then ask of each recipient whether that may go there; nothing here knows who receives it.
"""

from collections.abc import Iterable
from dataclasses import replace

from missent.content.detectors.look import look
from missent.content.detectors.registry import MEASURED
from missent.content.markings.find import find_markings
from missent.content.markings.high_water import high_water
from missent.content.opened import Opened
from missent.content.pieces import Piece
from missent.content.seen import How, Seen
from missent.nouns.finding import Finding, Severity


def see(opened: Opened, how: How) -> Seen:
    """See what a message holds. Pure; linear in its text; never raises, whatever the text."""
    if not opened.pieces:
        return Seen(opened)
    markings = find_markings(opened.pieces, how.own_scheme, how.sender)
    return Seen(opened, markings, high_water(markings), _sensitive(opened.pieces, how))


def _sensitive(pieces: tuple[Piece, ...], how: How) -> tuple[Finding, ...]:
    """What the packaged detectors, the register's documents and the organisation's own patterns find, strongest first."""
    found = _tempered(look(pieces, how.key))
    found += how.registered.look(pieces, how.key) if how.registered else ()
    found += how.own.look(pieces, how.key) if how.own else ()
    return tuple(sorted(found, key=lambda f: (-f.severity, -f.confidence)))


def _tempered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """No more than `medium` of a detector that was not measured."""
    return tuple(f if f.id in MEASURED else replace(f, severity=min(f.severity, Severity.MEDIUM)) for f in findings)
