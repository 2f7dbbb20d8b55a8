"""Who our own letters are from. Links stand on `public.url` alone, never on what an HTTP request says of itself."""

from dataclasses import dataclass

from missent.nouns.address import Address
from missent.settings import Settings


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What every notice and DSN needs to know of this installation.

    Attributes:
        postmaster: From of our letters, and where questions go.
        reporting_mta: host name in DSNs (RFC 3464 2.2.2).
        url: where the sender's pages are reached, without a trailing slash; "" means letters carry no link.
        processed: field that goes on top of whatever leaves, so that a mail service's rule lets it out; "" adds none.
    """

    postmaster: Address
    reporting_mta: str
    url: str = ""
    processed: str = ""

    @classmethod
    def of(cls, settings: Settings, hostname: str) -> "Letterhead":
        """The letterhead of an installation; `hostname` is used where settings name none."""
        mta = settings.relay.hostname or hostname
        domain = settings.own_domains[0] if settings.own_domains else mta
        postmaster = Address.parse(settings.postmaster or f"postmaster@{domain}")
        return cls(postmaster, mta, settings.public.url.rstrip("/"), settings.processed_header)

    @property
    def organisation(self) -> str:
        """What the letters call this place."""
        return self.postmaster.domain

    def link(self, token: str) -> str:
        """The sender's page for a token; "" where there is none."""
        return f"{self.url}/h/{token}" if self.url else ""
