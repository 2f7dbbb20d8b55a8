"""What is known of a domain: the three kinds of standing, and resemblance to a domain that has one."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Why a domain is known. The first three are *protected*; a domain with none of these is merely *seen* or new."""

    OWN = "own"
    REGISTERED = "registered"
    PACKAGED = "packaged"
    ESTABLISHED = "established"

    @property
    def protected(self) -> bool:
        """Whether somebody vouches for the name, as against having only conversed with it."""
        return self is not Kind.ESTABLISHED


@dataclass(frozen=True, slots=True)
class Resemblance:
    """A domain resembles a known one.

    Attributes:
        known: the known domain that is resembled.
        meant: the recipient's domain put right: what stands left of the registrable domain is kept.
        kind: standing of `known`.
        family: how they differ (`suffix`, `transposition`, `omission`, `glyph`, …).
        likeness: 0-1, the share of such pairs that were slips where measured.
    """

    known: str
    meant: str
    kind: Kind
    family: str
    likeness: float
