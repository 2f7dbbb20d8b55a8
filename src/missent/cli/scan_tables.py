"""The answer of a scan on a terminal."""

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from missent.archive.scan.summary import Summary

ROWS = 20


def print_tables(told: "Summary") -> None:
    """The headline, then to where and from whom; what could not be read on stderr."""
    from rich.console import Console

    from missent.archive.item import REASONS

    bounds = f"at least {told.at_least:,}, at most {told.at_most:,}"
    click.echo(f"{told.exposures:,} exposures in {len(told.exposed):,} messages ({bounds}); {told.messages:,} messages read")
    click.echo("looked back with hindsight: who turned out to be known since is not accused")
    console = Console()
    if told.exposures:
        rows = [
            (domain, "another person there" if meant == domain else meant or "-", count, told.accepted[domain, meant])
            for (domain, meant), count in told.by_domain.most_common()
        ]
        console.print(_table(("to", "meant", "exposures", "accepted"), rows))
        console.print(_table(("from", "exposures"), told.by_sender.most_common()))
        console.print(_table(("found by", "exposures"), told.by_finding.most_common()))
    for reason, count in Counter(unread.reason for unread in told.skipped).most_common():
        first = next(unread for unread in told.skipped if unread.reason == reason)
        why = f" ({REASONS[reason]})" if reason in REASONS else ""
        click.echo(f"not read: {count:,} {reason}{why}, first {first.source}{first.place}", err=True)
    if told.unread:
        click.echo(f"not read: perhaps {told.unread:,} messages, counted in `at most`", err=True)


def _table(titles: tuple[str, ...], rows: list[tuple[Any, ...]]) -> Any:
    from rich.table import Table

    table = Table(*(), show_edge=False, caption=f"{len(rows) - ROWS:,} more" if len(rows) > ROWS else None)
    for n, title in enumerate(titles):
        table.add_column(title, justify="right" if n and title in ("exposures", "accepted") else "left", overflow="fold")
    for row in rows[:ROWS]:
        table.add_row(*(f"{value:,}" if isinstance(value, int) else _plain(value) for value in row))
    return table


def _plain(text: str) -> str:
    """Text of mail without what a terminal would obey."""
    from rich.markup import escape

    return escape("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[:320]))
