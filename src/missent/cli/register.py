"""`missent register`: partners, what who may receive, restricted suffixes, documents, exceptions."""

import json
from datetime import UTC, date, datetime
from typing import Any

import click

from missent.cli import channels, clearing
from missent.cli.clearing import as_dict, receives
from missent.cli.documents import document
from missent.cli.entries import domain_of, put, target_of
from missent.cli.exits import Exit
from missent.cli.site import Site, user
from missent.nouns.action import Action
from missent.recipients.register import Exemption, Partner, Register, Restriction
from missent.store.register import Key


@click.group()
def register() -> None:
    """Partners, what who may receive, restricted suffixes, documents, exceptions.

    Every change is an event of the audit chain.
    """


@register.command("list")
@click.pass_obj
def list_(site: Site) -> int:
    """Print the register."""
    kept = site.store().register.read()
    if site.format == "json":
        click.echo(json.dumps(_as_dict(kept)))
        return Exit.OK
    for partner in kept.partners:
        click.echo(f"partner   {partner.domain}  {partner.name}{', discreet' if partner.discreet else ''}".rstrip())
    for cleared in kept.clearances.values():
        click.echo(f"may get   {cleared.target}  {receives(cleared)}")
    for rule in kept.restrictions:
        click.echo(f"{rule.action.word:<9} .{rule.suffix}  {rule.reason}")
    for paper in kept.documents:
        click.echo(f"document  {paper.id}  {paper.name}")
    for but in kept.exemptions:
        over = ", over" if but.expires < _today() else ""
        click.echo(f"except    {but.target}  {but.finding} until {but.expires}{over}, {but.owner}: {but.reason}")
    if kept == Register():
        click.echo("the register is empty", err=True)
    return Exit.OK


@register.command()
@click.argument("domain")
@click.option("--name", default="", help="What the partner is called.")
@click.option("--discreet", is_flag=True, help="Senders are not told its name.")
@click.pass_obj
def partner(site: Site, domain: str, name: str, discreet: bool) -> int:
    """Vouch for a DOMAIN: it is known, and protected against lookalikes. Given again, it is changed.

    What it may receive is said by `missent register domain`.
    """
    return put(site, Partner(domain_of(domain), name, discreet))


@register.command()
@click.argument("suffix")
@click.option("--action", type=click.Choice(["block", "hold"]), required=True, help="What becomes of mail to it.")
@click.option("--reason", required=True, help="Why; told to the sender.")
@click.pass_obj
def restrict(site: Site, suffix: str, action: str, reason: str) -> int:
    """Block or hold mail to a whole SUFFIX: `ml`, `gov.ru`, a domain."""
    return put(site, Restriction(domain_of(suffix), Action.of(action), _said(reason, "--reason")))


@register.command("except")
@click.argument("finding")
@click.argument("target", metavar="ADDRESS|DOMAIN")
@click.option("--owner", required=True, help="Who answers for it.")
@click.option("--reason", required=True, help="Why.")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The last day on which it holds.")
@click.pass_obj
def except_(site: Site, finding: str, target: str, owner: str, reason: str, until: datetime) -> int:
    """Withdraw one FINDING, such as restricted-tld, for one address or domain until a date. It decides nothing else."""
    from missent.checks.registry import CHECKS

    known = sorted(check.id for check in CHECKS)
    if finding not in known:
        raise click.BadParameter(f"{finding!r} is no finding, expected one of {', '.join(known)}", param_hint="FINDING")
    if until.date() < _today():
        raise click.BadParameter("that day is over", param_hint="--until")
    expires = until.date()
    return put(site, Exemption(finding, target_of(target), _said(owner, "--owner"), _said(reason, "--reason"), expires))


@register.command()
@click.argument("kind", type=click.Choice(["partner", "domain", "restriction", "exception", "document"]))
@click.argument("name", metavar="DOMAIN|SUFFIX|ADDRESS|ID")
@click.option("--finding", default="", help="Of an exception: which finding it withdraws.")
@click.pass_obj
def remove(site: Site, kind: str, name: str, finding: str) -> int:
    """Take an entry out of the register."""
    if (kind == "exception") != bool(finding):
        raise click.UsageError("--finding is expected with an exception, and only then")
    key = {
        "partner": lambda: Key("partner", domain_of(name)),
        "domain": lambda: Key("clearance", target_of(name)),
        "restriction": lambda: Key("restriction", domain_of(name)),
        "document": lambda: Key("document", name),
        "exception": lambda: Key("exemption", target_of(name), finding),
    }[kind]()
    if not site.store().register.remove(key, datetime.now(UTC), f"cli:{user()}"):
        click.echo(f"register: there is no {kind} {key.name}: see `missent register list`", err=True)
        return Exit.NOTHING
    return Exit.OK


def _said(text: str, option: str) -> str:
    if not text.strip():
        raise click.BadParameter("is empty", param_hint=option)
    return text.strip()


def _today() -> date:
    return datetime.now(UTC).date()


def _as_dict(kept: Register) -> dict[str, Any]:
    return {
        "schema": "missent.register/1",
        "partners": [{"domain": p.domain, "name": p.name, "discreet": p.discreet} for p in kept.partners],
        "clearances": [as_dict(c) for c in kept.clearances.values()],
        "restrictions": [{"suffix": r.suffix, "action": r.action.word, "reason": r.reason} for r in kept.restrictions],
        "documents": [{"id": d.id, "name": d.name, "fingerprints": len(d.fingerprints)} for d in kept.documents],
        "exceptions": [
            {"finding": e.finding, "target": e.target, "owner": e.owner, "reason": e.reason, "until": e.expires.isoformat()}
            for e in kept.exemptions
        ],
    }


register.add_command(channels.tls_policy)
register.add_command(clearing.domain)
register.add_command(document)
register.add_command(clearing.show)
