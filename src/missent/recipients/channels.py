"""Which recipients mail must reach by TLS, as the register says."""

from collections.abc import Iterable

from missent.nouns.address import Address
from missent.recipients.register import Register

ASKED = ("tls", "tls-assured")


def domains(register: Register) -> tuple[str, ...]:
    """Domains to which mail must go by TLS, in order. A mail server knows domains only, so a person's domain is asked whole."""
    asked = (c.target.rpartition("@")[2] for c in register.clearances.values() if c.channel in ASKED)
    return tuple(sorted(set(asked)))


def unassured(register: Register) -> tuple[str, ...]:
    """Entries of which nobody said that the mail server beyond sees to it."""
    return tuple(sorted(c.target for c in register.clearances.values() if c.channel == "tls"))


def asked(register: Register, addresses: Iterable[Address]) -> bool:
    """Whether one of these must be reached by TLS."""
    return any(register.clearance(address).channel in ASKED for address in addresses)
