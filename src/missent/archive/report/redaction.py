"""Who may see whom: a report shows domains, and of people's addresses the first letter, unless it was asked for in full."""

from collections.abc import Callable

Shown = Callable[[str], str]
"""An address as a report shows it."""


def redacted(address: str) -> str:
    """The first letter and the domain.

    >>> redacted("jane.doe@army.ml")
    'j\u2026@army.ml'
    """
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}\N{HORIZONTAL ELLIPSIS}@{domain}" if at else address


def in_full(address: str) -> str:
    """The address itself."""
    return address
