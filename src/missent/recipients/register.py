"""The register: partners, restricted suffixes, and exceptions with owner, reason and expiry. Data only."""

from dataclasses import dataclass
from datetime import date

from missent.nouns.action import Action


@dataclass(frozen=True, slots=True)
class Partner:
    """A domain the organisation vouches for: known, and protected against lookalikes.

    Attributes:
        ceilings: scheme -> highest level it may receive (used by content rules).
        discreet: whether its name may be told to senders.
    """

    domain: str
    name: str = ""
    ceilings: tuple[tuple[str, str], ...] = ()
    discreet: bool = False


@dataclass(frozen=True, slots=True)
class Restriction:
    """A suffix (`ml`, `gov.ru`) to which mail is blocked or held."""

    suffix: str
    action: Action
    reason: str


@dataclass(frozen=True, slots=True)
class Exemption:
    """Withdraws one named finding for one domain or address until its date; it decides nothing.

    Attributes:
        finding: id of the finding withdrawn.
        target: address (`a@b.ml`) or domain (`b.ml`, with all below it).
        expires: last day on which it holds.
    """

    finding: str
    target: str
    owner: str
    reason: str
    expires: date

    def covers(self, finding: str, address_key: str, on: date) -> bool:
        """Whether it withdraws `finding` for this address on this day."""
        if finding != self.finding or on > self.expires:
            return False
        if "@" in self.target:
            return address_key == self.target.lower()
        domain = address_key.rpartition("@")[2]
        return domain == self.target or domain.endswith("." + self.target)


@dataclass(frozen=True, slots=True)
class Register:
    """All of it, as one immutable value per version."""

    partners: tuple[Partner, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    exemptions: tuple[Exemption, ...] = ()

    def restriction(self, domain: str) -> Restriction | None:
        """The longest restricted suffix the domain stands under."""
        under = [r for r in self.restrictions if domain == r.suffix or domain.endswith("." + r.suffix)]
        return max(under, key=lambda r: len(r.suffix), default=None)
