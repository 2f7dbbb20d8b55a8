"""One marking for a whole message, and what it is compared with: a recipient's ceiling, or the message that is answered."""

from collections.abc import Iterable, Mapping

from missent.content.markings import us_controls, us_cui
from missent.content.markings.found import Found, Position
from missent.content.markings.lattice import Grade, at_most, maxima
from missent.content.markings.schemes import SCHEMES
from missent.nouns.verdict import Marking

_KINDS = (("nato", "us-eo13526", "uk-gscp", "au-pspf", "uk-gpms"), ("us-cui",), ("tlp", "commercial", "msip"))
"""Schemes by how gravely a marking is meant where nobody compares them; within a kind the relative height decides."""
_RANK = tuple(Position)
_OPEN = frozenset(
    (Grade("us-eo13526", "UNCLASSIFIED"), Grade("uk-gscp", "OFFICIAL"), Grade("au-pspf", "OFFICIAL"), Grade("tlp", "TLP:CLEAR"))
)
"""Levels whose absence says the same as they do: dropping them is no downgrade."""

_DOWN_TO_UNCLASSIFIED = frozenset(("FOUO", "OUO", "SBU", "LES", "SSI"))


def grade(marking: Marking) -> Grade:
    """Scheme and level of a marking."""
    return Grade(marking.scheme, marking.level)


def high_water(found: Iterable[Found]) -> Marking | None:
    """The highest marking, with the controls of all markings of its scheme; None if nothing is marked.

    Of levels that nobody compares, the gravest kind's and relatively highest is told; the others stay in `found`,
    so a ceiling is asked of them all (`above_any`). `where` is where that level was found first, fields before pages.
    """
    given = tuple(found)
    if not given:
        return None
    highest = set(maxima(grade(f.marking) for f in given))
    top = min((f for f in given if grade(f.marking) in highest), key=lambda f: (_weight(f.marking), _RANK.index(f.position)))
    scheme = SCHEMES[top.marking.scheme]
    same = [f.marking for f in given if f.marking.scheme == scheme.name]
    controls = _rolled_up(top.marking, [m.controls for m in (top.marking, *same)])
    return Marking(scheme.name, top.marking.level, controls, scheme.canonical(top.marking.level, controls), top.marking.where)


def _weight(marking: Marking) -> tuple[bool, int, float, int]:
    levels = SCHEMES[marking.scheme].levels
    height = (levels.index(marking.level) + 1) / len(levels) if marking.level in levels else 0.0
    kind = next(number for number, schemes in enumerate(_KINDS) if marking.scheme in schemes)
    plain = grade(marking) in _OPEN and not marking.controls
    return plain, kind, -height, _KINDS[kind].index(marking.scheme)


def _rolled_up(top: Marking, controls: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Controls of all parts together: a release holds for the whole only for whom every list names, and NOFORN ends it.

    Controls of unclassified information do not stand in a classified banner (ISOO marking booklet).
    """
    every = list(dict.fromkeys(c for part in controls for c in part))
    if top.scheme == "us-eo13526" and top.level != "UNCLASSIFIED":
        every = [c for c in every if c not in _DOWN_TO_UNCLASSIFIED]
    if any(c.startswith("REL TO ") for c in every):
        every = [c for c in every if c != "REL"]  # a portion's `REL` is the banner's list (CAPCO register)
    released = [c for c in every if c.startswith("REL TO ")]
    kept = [c for c in every if not c.startswith("REL TO ")]
    if released and "NOFORN" not in kept:
        kept += _released(top.scheme, [c.removeprefix("REL TO ").split(", ") for c in released]) or released
    return _ordered(top.scheme, tuple(kept))


def _released(scheme: str, lists: list[list[str]]) -> list[str]:
    """The release of a whole whose parts bear these lists; empty if no nation is on all of them."""
    shared = [nation for nation in lists[0] if all(nation in other for other in lists)]
    if scheme == "us-eo13526" and set(shared) <= {"USA"}:
        return ["NOFORN"]
    return [f"REL TO {', '.join(shared)}"] if shared else []


def _ordered(scheme: str, controls: tuple[str, ...]) -> tuple[str, ...]:
    order = {"us-eo13526": us_controls.in_order, "us-cui": us_cui.in_order}.get(scheme)
    return order(controls) if order else controls


def above(marking: Marking, ceiling: Mapping[str, str]) -> bool:
    """Whether a marking is above what a recipient may receive: `ceiling` gives the highest level per scheme.

    True too where it is comparable with none of the ceiling's levels: what nobody published must be assumed.
    """
    return not any(at_most(grade(marking), Grade(scheme, level)) for scheme, level in ceiling.items())


def above_any(found: Iterable[Found], ceiling: Mapping[str, str]) -> tuple[Found, ...]:
    """Those markings of a message that are above a ceiling, in order."""
    return tuple(f for f in found if above(f.marking, ceiling))


def downgraded(reply: Marking | None, original: Marking | None) -> bool:
    """Whether a reply drops, lowers or strips of a control the marking of what it answers (`marking-downgraded`).

    A reply in another scheme counts as lower unless that is published as at least as high.
    """
    if original is None:
        return False
    if reply is None:
        return grade(original) not in _OPEN or bool(original.controls)
    if grade(original) in _OPEN and not original.controls and reply.scheme != original.scheme:
        return False
    if not at_most(grade(original), grade(reply)):
        return True
    return reply.scheme == original.scheme and not set(original.controls) <= set(reply.controls)


def of_history(found: Iterable[Found]) -> tuple[Marking | None, Marking | None]:
    """The high-water marks of what a message says itself and of the history it quotes, for `downgraded`."""
    given = tuple(found)
    quoted = [f for f in given if f.marking.where.endswith("quoted")]
    return high_water(f for f in given if f not in quoted), high_water(quoted)
