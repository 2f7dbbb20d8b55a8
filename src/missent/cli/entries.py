"""Entries of the register as a command line names them."""

from datetime import UTC, datetime

import click

from missent.cli.exits import Exit
from missent.cli.site import Site, user
from missent.nouns.address import Address, canonical_domain
from missent.store.register import Entry


def put(site: Site, entry: Entry) -> int:
    """Put an entry in, as whoever runs the command."""
    site.store().register.put(entry, datetime.now(UTC), f"cli:{user()}")
    return Exit.OK


def domain_of(text: str) -> str:
    """A canonical domain. Raises BadParameter for what is none."""
    domain = canonical_domain(text.lstrip("."))
    if not domain or "@" in domain or any(c.isspace() for c in domain):
        raise click.BadParameter(f"{text!r} is no domain")
    return domain


def target_of(text: str) -> str:
    """An address key or a canonical domain. Raises BadParameter for what is neither."""
    return Address.parse(text).key if "@" in text else domain_of(text)
