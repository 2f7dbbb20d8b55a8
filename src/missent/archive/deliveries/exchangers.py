"""Hosts of large providers, told by name: exchangers that take mail for their customers, and relays that take it for anybody.

Names are those the providers publish for MX records and smarthosts (their set-up pages, read 2026). A name that serves both
ways, such as a filter's, stands in neither table.
"""

import re

_EXCHANGERS = (
    r"(?:alt\d\.)?aspmx\.l\.google\.com",
    r"aspmx\d\.googlemail\.com",
    r"(?:alt\d\.)?gmail-smtp-in\.l\.google\.com",
    r"smtp\.google\.com",
    r"[a-z0-9-]+\.olc\.protection\.outlook\.com",
    r"(?:mx|mta)[a-z0-9-]*\.(?:am0|mail\.[a-z0-9.-]+)\.yahoodns\.net",
    r"mx\d*\.mail\.icloud\.com",
    r"mx\d*\.zoho\.(?:com|eu|in)",
    r"in\d-smtp\.messagingengine\.com",
    r"mail(?:sec)?\.protonmail\.ch",
    r"mx\.yandex\.(?:ru|net)",
    r"(?:mxs|emx)\.mail\.ru",
    r"[a-z]+-smtp-inbound-\d\.mimecast\.com",
)
_RELAYS = (
    r"smtp(?:-relay)?\.gmail\.com",
    r"smtp\.office365\.com",
    r"smtp-legacy\.office365\.com",
    r"smtp\.sendgrid\.net",
    r"email-smtp\.[a-z0-9-]+\.amazonaws\.com",
    r"smtp(?:\.[a-z]+)?\.mailgun\.org",
    r"smtp(?:-relay)?\.(?:brevo|sendinblue)\.com",
    r"smtp\.postmarkapp\.com",
    r"[a-z]+-smtp-outbound-\d\.mimecast\.com",
    r"in(?:-v3)?\.mailjet\.com",
    r"smtp\.sparkpostmail\.com",
)
_TENANT = ".mail.protection.outlook.com"

is_exchanger = re.compile("|".join(_EXCHANGERS)).fullmatch
"""Whether a host (lower-case, no final dot) is a provider's exchanger."""

is_relay = re.compile("|".join(_RELAYS)).fullmatch
"""Whether a host (lower-case, no final dot) is a provider's relay."""


def is_tenant_of(host: str, domain: str) -> bool:
    """Whether a Microsoft 365 host bears this very domain: our own tenant's host may be our relay, so the name decides.

    >>> is_tenant_of("army-ml.mail.protection.outlook.com", "army.ml")
    True
    """
    return host.endswith(_TENANT) and host.removesuffix(_TENANT) == domain.replace(".", "-")
