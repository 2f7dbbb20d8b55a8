"""To whom a marking's controls let a text go: nations, or nobody outside the own organisation."""

import re
from dataclasses import dataclass

from missent.content.nations import members, nation
from missent.nouns.verdict import Marking

_REL = re.compile(r"(?:REL TO|REL|RELEASABLE TO|EYES ONLY) (.+)")
_EYES = re.compile(r"(.+) EYES ONLY")
_NAMES = re.compile(r"[,/&]| AND ")
_OWNERS = {"us-eo13526": "US", "us-cui": "US"}
_NATIONAL = {"AUSTEO": "AU", "AGAO": "AU"}
_HOUSE = frozenset(
    ("ORGANISATIONAL USE ONLY", "ORGANISATION USE ONLY", "INTERNAL USE ONLY")
)  # GSCP 2023: handling instructions


@dataclass(frozen=True, slots=True)
class Release:
    """One control that limits who may read.

    Attributes:
        control: as the marking has it.
        nations: who may, as `missent.content.nations` has them, members of organisations included; empty for nobody named.
        house: whether it must not leave the organisation at all.
    """

    control: str
    nations: frozenset[str] = frozenset()
    house: bool = False

    def covers(self, countries: frozenset[str]) -> bool:
        """Whether a reader with these nationalities is among those named: each of them, or all members of an organisation."""
        return bool(countries) and all(
            country in self.nations or ((all_ := members((country,)) - {country}) and all_ <= self.nations)
            for country in countries
        )


def releases(marking: Marking) -> tuple[Release, ...]:
    """The limits among a marking's controls, in order; all of them must hold."""
    found = (_release(control, marking.scheme) for control in marking.controls)
    return tuple(release for release in found if release)


def _release(control: str, scheme: str) -> Release | None:
    if control in _HOUSE:
        return Release(control, house=True)
    if control.endswith("NOFORN"):
        return Release(control, frozenset((_OWNERS.get(scheme, "US"),)))
    if control in _NATIONAL:
        return Release(control, frozenset((_NATIONAL[control],)))
    if control.startswith("DISPLAY ONLY "):  # may be shown to others, not handed over (CAPCO register)
        return Release(control, frozenset((_OWNERS.get(scheme, "US"),)))
    named = _REL.fullmatch(control) or _EYES.fullmatch(control)
    if not named:
        return None
    names = [name.strip() for name in _NAMES.split(named[1])]
    return Release(control, members(name for name in names if nation(name)))
