"""`missent register domain|show`: what a domain or a person may receive, and how."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

import click

from missent.cli.entries import put, target_of
from missent.cli.exits import Exit
from missent.cli.site import Site
from missent.nouns.address import Address
from missent.recipients.register import Clearance

T = TypeVar("T")


@click.command()
@click.argument("target", metavar="DOMAIN|ADDRESS")
@click.option("--ceiling", "ceilings", multiple=True, metavar="SCHEME=LEVEL", help="The highest marking; one a scheme.")
@click.option("--country", "countries", multiple=True, metavar="CODE", help="Nationality of who reads there: GB, USA, NATO.")
@click.option(
    "--channel", type=click.Choice(["tls", "tls-assured"]), help="Must go by TLS; `assured`: the mail server sees to it."
)
@click.option("--group", "groups", multiple=True, metavar="NAME", help="Partners who may have each other's papers.")
@click.pass_obj
def domain(
    site: Site, target: str, ceilings: tuple[str, ...], countries: tuple[str, ...], channel: str | None, groups: tuple[str, ...]
) -> int:
    r"""Say what a DOMAIN (with all below it) or a person's ADDRESS may receive. Given again, it is replaced.

    \b
    missent register domain army.mil --ceiling us-eo13526=SECRET --country US
    missent register domain mod.example --ceiling uk-gscp=SECRET --country GB

    What an entry leaves out, the next wider one says. Own domains are registered like any other; while they are not,
    nothing is held back from them.
    """
    from missent.content import nations
    from missent.content.markings import ceilings as written

    if not (ceilings or countries or channel or groups):
        raise click.UsageError("nothing to register: give --ceiling, --country, --channel or --group")
    levels = dict(_each(written.read, ceilings, "--ceiling"))
    if len(levels) < len(ceilings):
        raise click.BadParameter("is given twice for one scheme", param_hint="--ceiling")
    codes = tuple(sorted(set(_each(nations.asked, countries, "--country"))))
    named = tuple(sorted({group.strip() for group in groups if group.strip()}))
    done = put(site, Clearance(target_of(target), tuple(sorted(levels.items())), codes, channel or "", named))
    if channel == "tls":
        click.echo("register: mail there is held until `--channel tls-assured`: see `missent register tls-policy`", err=True)
    return done


@click.command()
@click.argument("target", metavar="DOMAIN|ADDRESS")
@click.pass_obj
def show(site: Site, target: str) -> int:
    """Print what a DOMAIN or ADDRESS may receive, wider entries included; exits 3 if nothing is registered."""
    key = target_of(target)
    asked = Address.parse(key if "@" in key else f"@{key}")
    found = site.store().register.read().clearance(asked)
    if found == Clearance(found.target):
        click.echo(f"register: nothing is registered for {key}, nor for a domain above it", err=True)
        return Exit.NOTHING
    shown = Clearance(key, found.ceilings, found.countries, found.channel, found.groups)
    click.echo(json.dumps(as_dict(shown)) if site.format == "json" else f"{key}  {receives(shown)}")
    return Exit.OK


def receives(cleared: Clearance) -> str:
    """What an entry says, in words."""
    said = [f"up to {level} ({scheme})" for scheme, level in cleared.ceilings]
    said += [f"read in {', '.join(cleared.countries)}"] if cleared.countries else []
    said += [{"tls": "by TLS only", "tls-assured": "by TLS, assured"}[cleared.channel]] if cleared.channel else []
    said += [f"with {', '.join(cleared.groups)}"] if cleared.groups else []
    return ", ".join(said)


def as_dict(cleared: Clearance) -> dict[str, Any]:
    """For programs."""
    return {
        "target": cleared.target,
        "ceilings": dict(cleared.ceilings),
        "countries": list(cleared.countries),
        "channel": cleared.channel,
        "groups": list(cleared.groups),
    }


def _each(read: Callable[[str], T], given: tuple[str, ...], option: str) -> list[T]:
    try:
        return [read(text) for text in given]
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint=option) from None
