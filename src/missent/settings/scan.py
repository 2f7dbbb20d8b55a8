"""`[scan]`."""

import re
from dataclasses import dataclass

from missent.settings.values import network


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """What an investigation of past mail knows of this organisation.

    Attributes:
        own_relays: smarthosts and filters that take our outgoing mail, by name, `*.name`, address or network; that of
            `relay.next_hop` counts without being named. What they accept says nothing of the recipient.
        log_zone: zone of times in logs that name none, such as `Europe/London`.
        full_report_users: system users who may ask for a report in full; nobody is kept from it while it is empty.
    """

    own_relays: tuple[str, ...] = ()
    log_zone: str = "UTC"
    full_report_users: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for relay in self.own_relays:
            if "/" in relay:
                network(relay)
            elif not re.fullmatch(r"(\*\.)?[^\s*@]+", relay):
                raise ValueError(f"key `own_relays` holds {relay!r}, expected a host, *.domain, an address or a network")
        from zoneinfo import ZoneInfo  # late: every command reads settings, few ask for a zone

        try:
            ZoneInfo(self.log_zone)
        except (ValueError, OSError, LookupError):
            raise ValueError(f"key `log_zone` is {self.log_zone!r}, expected a zone such as Europe/London") from None
