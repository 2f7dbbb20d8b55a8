"""`missent scan`: the investigation: how many, to where, from whom, how sensitive, over everything one has."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from missent.cli.exits import Exit
from missent.cli.passwords import ask_password
from missent.cli.scan_asking import questions
from missent.cli.scan_needs import needs
from missent.cli.site import Site
from missent.nouns.address import canonical_domain
from missent.settings import host_port

if TYPE_CHECKING:
    from missent.archive.scan.examining import Bench
    from missent.archive.scan.state import State
    from missent.archive.scan.summary import Summary


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…", type=click.Path(path_type=Path))
@click.option("--domain", "domains", multiple=True, metavar="GLOB", help="Ask about recipients at these domains: '*.ml'.")
@click.option("--rcpt", "rcpts", multiple=True, metavar="ADDRESS", help="Ask about this recipient; may be a glob.")
@click.option("--from", "senders", multiple=True, metavar="ADDRESS", help="Only mail of this sender, or of a domain.")
@click.option("--since", metavar="DATE", help="Only mail from this day on (2023-01-31).")
@click.option("--until", metavar="DATE", help="Only mail before this day.")
@click.option("--marking-at-least", "marking", metavar="LEVEL", default="", help="Only mail marked so or higher.")
@click.option("--own", multiple=True, metavar="DOMAIN", help="An own domain, besides those of the settings.")
@click.option(
    "--content", is_flag=True, help="Open all mail that leaves, not only what looks wrong; so does --marking-at-least."
)
@click.option(
    "--wrong-persons",
    "wrong",
    type=float,
    metavar="N",
    help="Also look for wrong persons by the recipient model: the N most doubtful of 1,000 mails sent from here.",
)
@click.option("--year", type=click.IntRange(1980, 2100), metavar="YEAR", help="Of the first line of logs without years.")
@click.option("--engine", metavar="ENGINE", default="local", help="`local[:PROCESSES]` (all cores), or `dask[:ADDRESS]`.")
@click.option("--exposures", "lines", metavar="FILE", type=click.Path(path_type=Path), help="Each exposure as a line of JSON.")
@click.option("--report", metavar="FILE", type=click.Path(path_type=Path), help="A page for people: .html, or .pdf.")
@click.option("--full", is_flag=True, help="Whole addresses and texts in the report, noted in the audit chain.")
@click.option("--csv", "sheet", metavar="FILE", type=click.Path(path_type=Path), help="Each exposure as a row.")
@click.option("--results", metavar="DIR", type=click.Path(path_type=Path), help="All recipients and exposures as Parquet.")
@click.option("--ask", metavar="SQL", help="Ask the results in DIR, given as SOURCE, a question of your own.")
@click.option(
    "--state", metavar="DIR", type=click.Path(path_type=Path), help="Keep what was read here, to go on and ask again."
)
@click.pass_obj
def scan(site: Site, /, sources: tuple[Path, ...], **options: "str | tuple[str, ...] | Path | None") -> int:
    r"""Find, over past mail, every message that went to somebody who should not have it.

    SOURCE is anything `missent learn` reads, and mail-server logs, which tell who accepted. All is read once; then what
    may matter is judged again with hindsight: a conversation found anywhere in the archive acquits, unless the domain
    resembles a protected one. With --domain or --rcpt every matching recipient counts, and no other.

    \b
    missent scan mail/ archive.mbox.gz
    missent scan mail/ --domain '*.ml' --since 2023-01-01 --exposures found.jsonl

    Exits 11 if there are exposures, 4 if none was found but something could not be read, 3 if there is nothing to examine.
    """
    from missent.archive.readers import is_there

    for source in sources:
        if not is_there(source):
            raise click.UsageError(f"{source}: no such file, folder or account")
    if options["ask"]:
        return _ask(site, sources, str(options["ask"]))
    needs(site, options)
    ask_password(sources)
    from missent.archive.scan import running
    from missent.archive.scan.engines import engine_of
    from missent.cli.scan_persons import wrong_persons
    from missent.cli.scan_state import state_of
    from missent.cli.telling import telling

    bench = _bench(site, options)
    if not bench.own:
        click.echo("scan: no own domains known, so nothing counts as conversed with: set `own_domains` or give --own", err=True)
    content = bool(options["content"] or bench.questions.marking)
    more: dict[str, Any] = {
        "year": options["year"],
        "zone": ZoneInfo(site.settings.scan.log_zone),
        "wrong": wrong_persons(site, options["wrong"]),  # type: ignore[arg-type]
    }
    request = running.Request(sources, bench, site.settings.authserv_id, content, **more)
    with state_of(request, options["state"]) as state, telling("scan") as show:
        told = running.scan(request, state, engine_of(str(options["engine"])), show)
        _write(state, options)
        if options["report"]:
            from missent.cli.scan_report import write_report

            write_report(site, state, told, (bench.policy.version, options["report"], bool(options["full"])))
    _print(site, told)
    return _exit(told)


def _bench(site: Site, options: dict[str, "str | tuple[str, ...] | Path | None"]) -> "Bench":
    from ipaddress import ip_network

    from missent.archive.deliveries import Ours, relays
    from missent.archive.scan.examining import Bench
    from missent.archive.scan.markings import Floor
    from missent.cli import knowing

    judging = knowing.judging(site)
    own = judging.own_domains | {canonical_domain(str(domain)) for domain in options["own"] or ()}  # type: ignore[union-attr]
    asked = questions(options)
    Floor(asked.marking, judging.own_scheme)  # says so at once if there is no such level
    established = tuple(sorted(judging.history.established()))
    networks = tuple(ip_network(n) for n in (*site.settings.own_networks, *site.settings.relay.allowed_clients))
    next_hop, _ = host_port(site.settings.relay.next_hop)
    hosts, between = relays((*site.settings.scan.own_relays, next_hop))
    ours = Ours(own, hosts, networks, between)
    content = judging.key, judging.own_patterns
    return Bench(own, judging.policy, judging.register, established, judging.own_scheme, asked, ours, *content)


def _write(state: "State", options: dict[str, "str | tuple[str, ...] | Path | None"]) -> None:
    from missent.archive.scan.exposure import as_dict
    from missent.archive.scan.running import exposures

    if isinstance(lines := options["lines"], Path):
        with lines.open("w") as file:
            file.writelines(json.dumps(as_dict(exposure)) + "\n" for exposure in exposures(state))
    if isinstance(sheet := options["sheet"], Path):
        from missent.archive.scan.tables import write_csv

        write_csv(exposures(state), sheet)
    if isinstance(results := options["results"], Path):
        from missent.archive.scan.results import write_results

        write_results(state, exposures(state), results)


def _ask(site: Site, sources: tuple[Path, ...], sql: str) -> int:
    from missent.archive.scan.results import ask

    columns, rows = ask(sources[0], sql)
    if site.format == "json":
        click.echo(json.dumps([dict(zip(columns, row, strict=True)) for row in rows], default=str))
    else:
        for line in (columns, *rows):
            click.echo("\t".join(map(str, line)))
    return Exit.OK if rows else Exit.NOTHING


def _print(site: Site, told: "Summary") -> None:
    from missent.archive.scan.summary import as_dict

    if site.format == "json":
        click.echo(json.dumps(as_dict(told)))
        return
    from missent.cli.scan_tables import print_tables

    print_tables(told)


def _exit(told: "Summary") -> int:
    if told.exposures:
        return Exit.HOLD
    if told.skipped:
        return Exit.UNREAD
    return Exit.OK if told.messages else Exit.NOTHING
