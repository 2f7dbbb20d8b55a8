"""`missent doctor`: a running set-up examined, and tried with a canary."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from missent.cli.exits import Exit
from missent.cli.site import Site
from missent.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from missent.doctor.canary import Canary
    from missent.doctor.told import Told
    from missent.settings import Settings

_MARKS = {"well": "ok  ", "doubtful": "look", "amiss": "FAIL"}


class Asked(NamedTuple):
    """What the options say of the canary."""

    through: str | None
    rcpt: str | None
    sender: str | None
    after_queue: bool
    wait: float


@click.command()
@click.option("--through", metavar="HOST:PORT", help="The mail server users' mail goes through; default the relay itself.")
@click.option("--to", "rcpt", metavar="ADDRESS", help="The mistyped address; default a slip of your own domain.")
@click.option("--from", "sender", metavar="ADDRESS", help="An address of yours; default postmaster@ your first domain.")
@click.option("--after-queue", is_flag=True, help="missent stands behind the mail server's queue (content_filter).")
@click.option("--wait", type=float, default=20.0, show_default=True, metavar="SECONDS", help="For the canary to be held.")
@click.option("--no-canary", is_flag=True, help="Look only; send nothing.")
@click.pass_obj
def doctor(site: Site, /, no_canary: bool, **asked: Any) -> int:
    r"""Examine a running set-up: settings, store, every listener, the next hop; then send a canary to a mistyped address.

    \b
    missent doctor                                  through the relay
    missent doctor --through 127.0.0.1:25           through Postfix, as users' mail goes
    missent doctor --through mx:25 --after-queue    where missent is a content_filter

    The canary is one harmless message. It is sent only if its address would be held and missent is seen to stand in the
    way; once held it is taken back, and nobody is asked about it. Exits 1 if anything is not as it should be.
    """
    from missent.doctor.told import State

    settings = site.settings
    if not settings.own_domains:
        raise ConfigError(f"{settings.path or 'missent.toml'}: key `own_domains` is empty, expected your own mail domains")
    flight = None if no_canary else _flight(settings, Asked(**asked))
    found = list(_examined(site))
    if flight is not None:
        found += _tried(site, flight)
    _print(site, found)
    return Exit.FAILED if any(told.state is State.AMISS for told in found) else Exit.OK


def _examined(site: Site) -> "Iterator[Told]":
    from missent.doctor import attachments, doors, house
    from missent.doctor.told import amiss

    try:
        yield from house.examine(site.settings, site.store(), datetime.now(UTC))
    except StoreError as error:
        yield amiss("store", f"does not answer: {error}", "Start it, or look at `store` in the settings.")
    yield from attachments.examine(site.settings.reading)
    yield from doors.examine(site.settings)


def _flight(settings: "Settings", asked: Asked) -> "Canary":
    """What is to be sent which way, as far as the options tell. Raises ConfigError."""
    from missent.doctor.canary import Canary
    from missent.settings import host_port

    try:
        way = host_port(asked.through or settings.relay.listen, "--through")
    except ValueError as error:
        raise ConfigError(f"doctor: {error}") from None
    id_ = f"{secrets.token_hex(12)}@{settings.own_domains[0]}"
    sender = asked.sender or f"postmaster@{settings.own_domains[0]}"
    return Canary(way, sender, asked.rcpt or "", id_, asked.after_queue, asked.wait)


def _tried(site: Site, canary: "Canary") -> "Iterator[Told]":
    from missent.cli import knowing
    from missent.doctor.canary import fly, mistyped
    from missent.doctor.told import doubtful

    if site.settings.observe:
        yield doubtful("canary", "not sent: while observing it would be delivered", "Try again with `observe = false`.")
        return
    judging = knowing.judging(site)
    address = canary.rcpt or mistyped(judging, site.settings.own_domains, canary.sender, datetime.now(UTC))
    if address is None:
        advice = "Name one with --to: a slip of a partner's domain."
        yield doubtful("canary", "not sent: no slip of your own domains would be held", advice)
        return
    yield from fly(replace(canary, rcpt=address), judging, site.store().holds, lambda: datetime.now(UTC))


def _print(site: Site, found: "list[Told]") -> None:
    if site.format == "json":
        click.echo(json.dumps({"schema": "missent.doctor/1", "parts": [asdict(told) for told in found]}))
        return
    for told in found:
        click.echo(f"{_MARKS[told.state]}  {told.part}: {told.said}")
        if told.advice:
            click.echo(f"      {told.advice}")
