"""The register: partners, what who may receive, restricted suffixes, exceptions with owner, reason and expiry. Data only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from missent.nouns.action import Action
from missent.nouns.address import Address


@dataclass(frozen=True, slots=True)
class Partner:
    """A domain the organisation vouches for: known, and protected against lookalikes.

    Attributes:
        discreet: whether its name may be told to senders.
    """

    domain: str
    name: str = ""
    discreet: bool = False


@dataclass(frozen=True, slots=True)
class Clearance:
    """What one domain (with all below it) or one person may receive, and how. What is left empty the next wider entry says.

    Attributes:
        target: address key (`jane@army.mil`) or domain (`army.mil`).
        ceilings: scheme -> highest level it may receive.
        countries: nationalities of who reads there, as `missent.content.nations` has them: `GB`, `NATO`.
        channel: `tls` if mail must go there by TLS, `tls-assured` if the mail server beyond sees to it, "" if nobody asked.
        groups: partners who may know of each other and of each other's papers.
    """

    target: str
    ceilings: tuple[tuple[str, str], ...] = ()
    countries: tuple[str, ...] = ()
    channel: str = ""
    groups: tuple[str, ...] = ()

    def under(self, wider: "Clearance") -> "Clearance":
        """The entry completed by a wider one."""
        return Clearance(
            self.target,
            self.ceilings or wider.ceilings,
            self.countries or wider.countries,
            self.channel or wider.channel,
            self.groups or wider.groups,
        )


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
class Document:
    """A registered paper: keyed hashes of its word runs, no text.

    Attributes:
        id: told by its content, so that the same paper has one entry.
        name: what whoever registered it calls it.
        fingerprints: as `missent.content.fingerprints` makes them.
    """

    id: str
    name: str
    fingerprints: frozenset[int] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Register:
    """All of it, as one immutable value per version.

    Attributes:
        clearances: by target.
    """

    partners: tuple[Partner, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    clearances: Mapping[str, Clearance] = field(default_factory=lambda: MappingProxyType({}))
    documents: tuple[Document, ...] = ()

    @property
    def known(self) -> frozenset[str]:
        """Domains that the register knows: they are protected against lookalikes."""
        return frozenset(p.domain for p in self.partners) | {t for t in self.clearances if "@" not in t}

    def discreet(self, domain: str) -> bool:
        """Whether a domain, or one above it, is a partner whose name senders are not told."""
        return any(p.discreet and f".{domain}".endswith(f".{p.domain}") for p in self.partners)

    def clearance(self, address: Address) -> Clearance:
        """What is registered for an address, its domain and the domains above it, the nearest first; empty if nothing."""
        found = Clearance(address.key)
        if self.clearances:
            for target in _wider(address):
                if target in self.clearances:
                    found = found.under(self.clearances[target])
        return found

    def restriction(self, domain: str) -> Restriction | None:
        """The longest restricted suffix the domain stands under."""
        under = [r for r in self.restrictions if domain == r.suffix or domain.endswith("." + r.suffix)]
        return max(under, key=lambda r: len(r.suffix), default=None)


def _wider(address: Address) -> Iterator[str]:
    """An address, its domain, and each domain above."""
    yield address.key
    domain = address.domain
    while domain:
        yield domain
        domain = domain.partition(".")[2]
