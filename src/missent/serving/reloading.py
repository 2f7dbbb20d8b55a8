"""Which settings a running node takes up on SIGHUP, and which only a restart does. Pure."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from missent.settings import Settings

LIVE = frozenset(
    (
        "observe",
        "own_networks",
        "authserv_id",
        "connectors",
        "processed_header",
        "log_addresses",
        "relay.tls_certificate",
        "relay.tls_key",
        "relay.client_ca",
        "relay.allowed_certificates",
        "relay.allowed_clients",
    )
)
"""Keys taken up at once. Certificate files are read anew even if their names are the same."""


def changed(before: Settings, after: Settings) -> tuple[str, ...]:
    """The keys in which two settings differ, as `relay.listen`."""
    return tuple(_changed(before, after, ""))


def _changed(before: Any, after: Any, prefix: str) -> Iterator[str]:
    for field in fields(before):
        old, new, name = getattr(before, field.name), getattr(after, field.name), f"{prefix}{field.name}"
        if is_dataclass(old):
            yield from _changed(old, new, f"{name}.")
        elif old != new:
            yield name
