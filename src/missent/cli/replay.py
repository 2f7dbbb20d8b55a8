"""`missent policy replay`: what a policy would have done with past mail."""

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from missent.cli.exits import Exit
from missent.cli.passwords import ask_password
from missent.cli.scan_asking import day
from missent.cli.site import Site, read_policy_file
from missent.nouns.address import canonical_domain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from missent.archive.replay.replaying import Outcome, Replayed
    from missent.archive.replay.spool import Spooled
    from missent.policy.model import Policy
    from missent.recipients.model.model import Model

SCHEMA = "missent.replay/1"


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…", type=click.Path(path_type=Path))
@click.option(
    "--policy",
    "files",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Policy to try; may be given twice.",
)
@click.option("--own", multiple=True, metavar="DOMAIN", help="An own domain, besides those of the settings.")
@click.option("--since", metavar="DATE", help="Judge mail from this day on; what came before is learned.")
@click.option("--until", metavar="DATE", help="Nothing after this day.")
@click.option(
    "--minutes",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    help="A sender takes to answer; a reviewer twelve times as long.",
)
@click.pass_obj
def replay(site: Site, /, sources: tuple[Path, ...], **options: Any) -> int:
    """What a policy would have held, asked and caught over past mail; beside the policy in force, or two side by side.

    At each message only what was known then is known: mail is learned in the order of time (`missent scan` looks back with
    hindsight). Slips are those that time has shown: mail that bounced, drew "wrong address", or was sent again to a
    neighbouring address. Nothing is written to the store.
    """
    from missent.archive.readers import sources as sources_of
    from missent.archive.replay.replaying import Setting
    from missent.archive.replay.replaying import replay as replay_spool
    from missent.archive.replay.spool import Within, spool
    from missent.cli import knowing
    from missent.cli.telling import telling

    ask_password(sources)
    tried = [read_policy_file(file) for file in options["files"]]
    judging = knowing.judging(site)
    domains = judging.own_domains | {canonical_domain(domain) for domain in options["own"]}
    if not domains:
        raise click.UsageError("no own domains known: set `own_domains` or give --own")
    policies = tried if len(tried) > 1 else [judging.policy, *tried]
    within = Within(day(options["since"], "--since"), day(options["until"], "--until"))
    content = judging.key, judging.own_patterns
    setting = Setting(domains, judging.register, judging.own_scheme, site.settings.authserv_id, *content, _model(policies))
    with tempfile.TemporaryDirectory(prefix="missent-replay-") as folder, telling("replay") as show:
        path = Path(folder) / "spool.db"
        found = (source for each in sources for source in sources_of(each))
        spooled = spool(found, path, within, lambda n: show("reading", n, 0, 0))
        told = replay_spool(path, policies, setting, within, lambda n: show("judging", n, n, spooled.messages))
    names = [*map(str, options["files"])] if len(tried) > 1 else ["in force", *map(str, options["files"])]
    return _print(site, told, spooled, (options["minutes"], names))


def _model(policies: "Sequence[Policy]") -> "Model | None":
    """The packaged model, which learned from nobody here; None where no policy asks it, or NumPy is missing, which is said."""
    from missent.store.recipient_model import available, prior

    if not any(policy.prompts_per_thousand for policy in policies):
        return None
    if available():
        return prior()
    click.echo("replay: the recipient model is not asked without NumPy: pip install missent[ml]", err=True)
    return None


def _print(site: Site, told: "Replayed", spooled: "Spooled", how: tuple[int, list[str]]) -> int:
    """`how`: minutes a sender takes, and what the policies are called."""
    minutes, names = how
    if site.format == "json":
        click.echo(json.dumps(as_dict(told, spooled, minutes, names)))
    else:
        _print_plain(told, minutes, names)
        if spooled.skipped or spooled.undated:
            click.echo(
                f"not replayed: {len(spooled.skipped):,} places not read, {spooled.undated:,} messages without a date", err=True
            )
    if not told.judged:
        return Exit.NOTHING
    return Exit.UNREAD if spooled.skipped else Exit.OK


def as_dict(told: "Replayed", spooled: "Spooled", minutes: int, names: list[str]) -> dict[str, Any]:
    """`missent.replay/1`."""
    return {
        "schema": SCHEMA,
        "hindsight": False,
        "messages": spooled.messages,
        "copies": spooled.copies,
        "learned": told.learned,
        "judged": told.judged,
        "senders": told.senders,
        "person_weeks": told.person_weeks,
        "slips": dict(sorted(told.slips.items())),
        "policies": [
            {"name": name} | _outcome(outcome, told, minutes) for name, outcome in zip(names, told.outcomes, strict=True)
        ],
        "undated": spooled.undated,
        "skipped": [{"where": s.where, "reason": s.reason} for s in spooled.skipped[:1_000]],
    }


def _outcome(outcome: "Outcome", told: "Replayed", minutes: int) -> dict[str, Any]:
    rules = [
        {"rule": rule, "action": action, "recipients": n, "caught": outcome.by_rule[rule]}
        for (rule, action), n in sorted(outcome.rules.items(), key=lambda item: (-item[1], item[0]))
    ]
    return {
        "policy": outcome.policy.version,
        "prompts": outcome.prompts,
        "prompts_per_person_week": round(outcome.prompts / told.person_weeks, 4) if told.person_weeks else 0.0,
        "reviews": outcome.reviews,
        "actions": dict(sorted(outcome.actions.items())),
        "held": outcome.held,
        "slips_caught": dict(sorted(outcome.caught.items())),
        "delay_minutes": _delay(outcome, minutes),
        "rules": rules,
    }


def _delay(outcome: "Outcome", minutes: int) -> int:
    """Minutes messages would have waited, if a sender answers in so many and a reviewer in twelve times as many."""
    return outcome.prompts * minutes + outcome.reviews * 12 * minutes


def _print_plain(told: "Replayed", minutes: int, names: list[str]) -> None:
    who = f"{told.senders:,} senders in {told.person_weeks:,} person-weeks"
    click.echo(f"{told.judged:,} messages of {who}, judged by what was known then")
    slips = ", ".join(f"{count:,} {kind}" for kind, count in sorted(told.slips.items())) or "none"
    click.echo(f"slips that time has shown: {slips}")
    for name, outcome in zip(names, told.outcomes, strict=True):
        per_week = outcome.prompts / told.person_weeks if told.person_weeks else 0.0
        click.echo(f"\npolicy {name} ({outcome.policy.version[:19]})")
        click.echo(f"  prompts: {outcome.prompts:,} ({per_week:.3f} a person-week); reviews: {outcome.reviews:,}")
        click.echo(f"  slips held or blocked: {outcome.caught.total():,} of {told.slips.total():,}")
        click.echo(f"  waiting: {_delay(outcome, minutes):,} minutes in all, if a sender answers in {minutes}")
        for (rule, action), count in outcome.rules.most_common():
            caught = outcome.by_rule[rule]
            click.echo(f"  {action:<8} {count:>8,} recipients by `{rule}`" + (f", {caught} of them slips" if caught else ""))
