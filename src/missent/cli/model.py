"""`missent model`: train the recipient model on the site's own past, measure it there, look at what it knows."""

import json
import random
from datetime import UTC, datetime
from math import isinf
from typing import TYPE_CHECKING

import click

from missent.cli.exits import Exit
from missent.cli.site import Site
from missent.errors import ConfigError
from missent.nouns.address import Address

if TYPE_CHECKING:
    from missent.recipients.model.evaluating import Recall
    from missent.store.schooling import Past

MORE = "pip install missent[ml]"


@click.group()
def model() -> None:
    """The recipient model: which recipient of a mail is probably not meant."""


_seed = click.option("--seed", default=1, show_default=True, help="Of the simulated slips; the same gives the same.")
_own = click.option("--own", multiple=True, metavar="DOMAIN", help="An own domain, besides those of the settings.")


@model.command()
@_seed
@_own
@click.pass_obj
def train(site: Site, seed: int, own: tuple[str, ...]) -> int:
    """Learn from the site's own past, and put the result in force.

    The past is what `learn` and the gateway told the store (the newest 200,000 mails). Slips are simulated on it. Before
    the first training, and below 1,000 mails sent from here, the packaged model is used.
    """
    past = _past(site, seed, own)
    trained = past.train()
    text = f"{trained['mails']:,} mails sent from here, {trained['slips']:,} simulated slips, seed {seed}: in force"
    _print(site, {"schema": "missent.model/1", **trained}, [text])
    return Exit.OK


@model.command()
@_seed
@_own
@click.pass_obj
def evaluate(site: Site, seed: int, own: tuple[str, ...]) -> int:
    """Measure on the site's own past: trained on the older 70 % of it, measured on the newer.

    Prints the share of simulated slips found at a budget of 1, 2 and 5 prompts per 1,000 right mails, with 95 % intervals
    over senders and their mails, and the share of right mails that would have been prompted for.
    """
    found = _past(site, seed, own).evaluate()
    rows = [row._asdict() for row in found]
    lines = [f"{'slip':<16}{'budget':>8}{'found':>8}{'95 %':>16}{'mails':>8}", *map(_line, found)]
    _print(site, {"schema": "missent.model.evaluation/1", "seed": seed, "recall": rows}, lines)
    return Exit.OK


@model.command()
@click.argument("address", required=False)
@click.option("--from", "sender", metavar="ADDRESS", help="Known between this sender and ADDRESS; else of ADDRESS alone.")
@click.pass_obj
def inspect(site: Site, address: str | None, sender: str | None) -> int:
    """Show the model in force, or what is known of an address, in numbers."""
    _need_numpy()
    if address is None:
        if sender is not None:
            raise click.UsageError("--from needs an ADDRESS: whom that sender writes to")
        return _in_force(site)
    from missent.recipients.model.inspecting import about

    found = about(site.store().model.memory, Address.parse(address).key, Address.parse(sender).key if sender else None)
    if not found:
        click.echo(f"model: {address} is not known", err=True)
        return Exit.NOTHING
    lines = [
        f"{'last mail':<32}{datetime.fromtimestamp(value, UTC):%Y-%m-%d}"
        if name.startswith("last")
        else f"{name:<32}{value:>12,.6g}"
        for name, value in found.items()
    ]
    _print(site, {"schema": "missent.model.inspection/1", **found}, lines)
    return Exit.OK


def _in_force(site: Site) -> int:
    """What an administrator asks first: which model, does it speak yet, how often may it, how much does it know."""
    from missent.cli.knowing import policy_in_force
    from missent.recipients.weighing import LEAST

    model, memory, budget = site.store().model.model, site.store().model.memory, policy_in_force(site).prompts_per_thousand
    bar = model.past.bar(budget)
    packaged = model.trained.get("on") == "packaged"
    found: dict[str, object] = {
        "model": "packaged" if packaged else "trained here",
        "learned from mails": model.trained.get("mails", 0),
        "mails told": memory.wrote,
        "people known": len(memory.people),
        "prompts per thousand": budget,
        "scores of right mail": model.past.mails,
        "bar": None if isinf(bar) else round(bar, 2),
        "speaks": memory.wrote >= LEAST and not isinf(bar),
    }
    lines = [f"{name:<24}{_shown(value):>14}" for name, value in found.items()]
    _print(site, {"schema": "missent.model.inspection/1", **found}, lines)
    return Exit.OK


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "not yet"
    return f"{value:,}" if isinstance(value, int | float) else str(value or "none yet")


def _past(site: Site, seed: int, own: tuple[str, ...]) -> "Past":
    _need_numpy()
    try:
        import sklearn  # noqa: F401 - asked for now, to say so in one line
    except ImportError:
        raise ConfigError(f"model: training needs scikit-learn: {MORE}") from None
    from missent.store.schooling import Past

    domains = site.settings.own | {Address.parse(f"x@{domain}").domain for domain in own}
    if not domains:
        raise ConfigError("model: no own domains known, so nobody's mail can be learned from: set `own_domains` or give --own")
    return Past(site.store(), domains, lambda: random.Random(seed), seed)  # noqa: S311 - chance, no secret


def _need_numpy() -> None:
    from missent.store.recipient_model import available

    if not available():
        raise ConfigError(f"model: needs NumPy: {MORE}")


def _line(row: "Recall") -> str:
    span = f"{row.low:.3f}..{row.high:.3f}"
    return f"{row.kind or 'right, prompted':<16}{row.budget:>8}{row.share:>8.4f}{span:>16}{row.mails:>8,}"


def _print(site: Site, document: dict[str, object], lines: list[str]) -> None:
    click.echo(json.dumps(document) if site.format == "json" else "\n".join(lines))
