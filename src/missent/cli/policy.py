"""`missent policy`: show, test, explain, replay, apply."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from missent.cli import knowing
from missent.cli.exits import Exit
from missent.cli.replay import replay
from missent.cli.site import Site, read_policy_file, user
from missent.nouns.address import Address
from missent.nouns.envelope import Client, Envelope, Recipient
from missent.policy.model import Policy


@click.group()
def policy() -> None:
    """A policy's rules: show, test, explain, replay, apply.

    Rules are read in order, and for each recipient the first that matches decides. `missent policy show` prints the one
    in force; `missent policy test` runs the cases that stand in the file.
    """


@policy.command()
@click.pass_obj
def show(site: Site) -> int:
    """Print the policy in force, ready to be changed."""
    click.echo(knowing.policy_in_force(site).text, nl=False)
    return Exit.OK


@policy.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.pass_obj
def test(site: Site, file: Path | None) -> int:
    """Run the cases of a policy FILE (default: the policy in force); exits 1 if one is not as it should be."""
    from missent.policy.testing import run_case

    tried = read_policy_file(file) if file else knowing.policy_in_force(site)
    bench = knowing.judging(site, tried)
    results = [run_case(bench, case, datetime.now(UTC)) for case in tried.cases]
    wrong = [r for r in results if not r.passed]
    if site.format == "json":
        click.echo(json.dumps([r.as_dict() for r in results]))
    else:
        for result in results:
            click.echo(result.line)
    if not results:
        click.echo(f"{file or 'policy'}: has no [[case]]: nothing to examine", err=True)
        return Exit.NOTHING
    click.echo(f"{len(results) - len(wrong)} of {len(results)} cases as expected, policy {tried.version[:19]}", err=True)
    return Exit.FAILED if wrong else Exit.OK


@policy.command()
@click.option("--to", "rcpt", required=True, metavar="ADDRESS", help="The recipient to explain.")
@click.option("--from", "sender", metavar="ADDRESS", help="The reverse-path.")
@click.pass_obj
def explain(site: Site, rcpt: str, sender: str | None) -> int:
    """Say which rule decides for a recipient, and why each rule above it did not."""
    from missent.policy.explaining import reasons

    bench = knowing.judging(site)
    mail_from = Address.parse(sender) if sender else None
    envelope = Envelope(mail_from, (Recipient(Address.parse(rcpt)),), client=Client(own=True))
    verdict = bench.judge(None, envelope, datetime.now(UTC))
    findings = verdict.recipients[0].findings + verdict.findings
    lines = reasons(bench.policy, envelope.sender_key, envelope.rcpts[0].address, findings)
    if site.format == "json":
        click.echo(json.dumps({"policy": verdict.policy, "rules": [line.as_dict() for line in lines]}))
    else:
        for finding in findings:
            click.echo(f"found {finding.id}, {finding.severity.word}, {finding.confidence:.0%} sure")
        for line in lines:
            click.echo(line.text)
    return Exit.OK


@policy.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def apply(site: Site, file: Path) -> int:
    """Make FILE the active version for every node of this store; running gateways take it up within a second."""
    new: Policy = read_policy_file(file)
    site.store().policies.put(new.text, datetime.now(UTC), f"cli:{user()}")
    click.echo(f"active policy is now {new.version}", err=True)
    return Exit.OK


policy.add_command(replay)
