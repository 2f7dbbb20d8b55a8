"""`missent audit`: the chain of evidence, verified and exported."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from missent.cli.exits import Exit
from missent.cli.site import Site

if TYPE_CHECKING:
    from missent.store.audit import Verification


@click.group()
def audit() -> None:
    """The chain of evidence: who held, saw, decided and changed what, each event bound to the one before it.

    It is chained under the key file's secret; the heads file tells what a holder of that secret may have rewritten. Keep
    a copy of both elsewhere.
    """


@audit.command()
@click.argument("bundle", required=False, metavar="[BUNDLE]", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key", metavar="FILE", type=click.Path(exists=True, path_type=Path), help="Key file of the installation it is of."
)
@click.option("--heads", "paths", multiple=True, metavar="FILE", help="Heads logged elsewhere; default the site's own file.")
@click.pass_obj
def verify(site: Site, bundle: Path | None, key: Path | None, paths: tuple[str, ...]) -> int:
    """Verify every event, and that none is missing; exits 1 if the chain is not whole.

    With BUNDLE, a file of `missent case export`, that is verified instead, on any machine: its files against the manifest, the
    manifest against the chain, the chain within itself; with --key or --heads also that it is the true one.
    """
    if bundle:
        return _verify_bundle(site, bundle, key, paths)
    from missent.store.chain import read_heads

    logged = [Path(path) for path in paths] or [path for path in (site.heads_file,) if path.is_file()]
    heads = [head for path in logged for head in read_heads(path)]
    found = site.store().audit.verify(heads)
    if site.format == "json":
        click.echo(json.dumps(_as_dict(found, len(heads))))
    for fault in found.faults if site.format == "plain" else ():
        click.echo(f"event {fault.number}: {fault.kind}: {fault.what}")
    if found.faults:
        click.echo("the chain of evidence is broken; keep the store and the heads as they are", err=True)
        return Exit.FAILED
    against = f" and {len(heads)} logged heads" if heads else "; no logged heads: a cut tail would not be seen"
    click.echo(f"{found.events} events verified against the key{against}", err=True)
    return Exit.OK


@audit.command()
@click.pass_obj
def export(site: Site) -> int:
    """Print every event, oldest first, as a line of JSON; aliases stand for addresses."""
    for event in site.store().audit.export():
        click.echo(json.dumps(event))
    return Exit.OK


def _as_dict(found: "Verification", heads: int) -> dict[str, Any]:
    faults = [asdict(fault) for fault in found.faults]
    return {"schema": "missent.audit/1", "events": found.events, "heads": heads, "whole": not faults, "faults": faults}


def _verify_bundle(site: Site, bundle: Path, key: Path | None, paths: tuple[str, ...]) -> int:
    from missent.cli.case_bundle import mac_with, verify_bundle
    from missent.store.chain import read_heads
    from missent.store.keys import load_or_create

    mac = mac_with(load_or_create(key).derive("audit-chain")) if key else None
    heads = {head.number: head.mac for path in paths for head in read_heads(Path(path))}
    faults = verify_bundle(bundle, mac, heads)
    if site.format == "json":
        click.echo(json.dumps({"schema": "missent.bundle/1", "whole": not faults, "faults": faults}))
    for fault in faults if site.format == "plain" else ():
        click.echo(fault)
    if faults:
        return Exit.FAILED
    against = ", ".join(["its manifest", *(["the key"] if key else []), *([f"{len(heads)} logged heads"] if heads else [])])
    alone = "" if key or heads else "; without --key or --heads, whoever made it up anew would not be seen"
    click.echo(f"the bundle is whole: verified against {against}{alone}", err=True)
    return Exit.OK
