"""`missent learn`: history from past mail, and forgetting a person."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from missent.cli.exits import Exit
from missent.cli.passwords import ask_password
from missent.cli.site import Site, keep_model, user
from missent.nouns.address import Address, canonical_domain

if TYPE_CHECKING:
    from missent.archive.learning import Learned, Reached
    from missent.store.history import SqlHistory

_PACKED = 4
"""How much larger a gzipped mailbox is unpacked, about: only for the progress bar."""


@click.command()
@click.argument("sources", nargs=-1, metavar="SOURCE…", type=click.Path(path_type=Path))
@click.option("--own", multiple=True, metavar="DOMAIN", help="An own domain, besides those of the settings.")
@click.option("--forget", metavar="ADDRESS", help="Remove a person's address and all that is known of it.")
@click.pass_obj
def learn(site: Site, sources: tuple[Path, ...], own: tuple[str, ...], forget: str | None) -> int:
    """Learn from past mail who writes to whom.

    SOURCE is an mbox, Maildir, EML or Outlook file (.msg, .pst, .ost), a mail server's log, a tar or zip of these, packed or
    not, a folder of any of them, or an IMAP account (imaps://user@host/Folder); docs/sources.md has them all. What was learned
    is not read again; a run that was stopped goes on where it was. Addresses and display names are kept in the clear, for
    suggestions are made of them; Message-IDs as digests; of subjects and texts keyed hashes of words, for the recipient
    model, and nothing to read.
    """
    if bool(sources) == bool(forget):
        raise click.UsageError("expected SOURCE…, or --forget ADDRESS")
    domains = frozenset(site.settings.own | {canonical_domain(domain) for domain in own})
    history = _history(site, domains)
    if forget:
        return _forget(site, history, Address.parse(forget))
    return _learn(site, history, sources, domains)


def _history(site: Site, domains: frozenset[str]) -> "SqlHistory":
    if not domains:
        click.echo("learn: no own domains known, so nothing becomes established: set `own_domains` or give --own", err=True)
    return site.store().history.seen_from(domains)


def _forget(site: Site, history: "SqlHistory", address: Address) -> int:
    if not address.domain:
        raise click.UsageError("--forget expects an address")
    gone = history.forget_for(address, datetime.now(UTC), f"cli:{user()}")
    if gone:
        keep_model(site)  # learned again without them, now: whoever judges next need not wait for it
    if site.format == "json":
        click.echo(json.dumps({"schema": "missent.forget/1", "rows": gone}))
    else:
        click.echo(f"{gone} rows removed")
    return Exit.OK if gone else Exit.NOTHING


def _learn(site: Site, history: "SqlHistory", paths: tuple[Path, ...], own: frozenset[str]) -> int:
    from missent.archive.learning import Reading
    from missent.archive.learning import learn as learn_sources
    from missent.archive.learning_logs import learn_logs
    from missent.archive.readers import Source, is_there, sources

    for path in paths:
        if not is_there(path):
            raise click.UsageError(f"{path}: no such file, folder or account")
    ask_password(paths)
    logs: list[Source] = []

    def mail() -> "Iterator[Source]":
        for path in paths:
            for source in sources(path):
                if source.may_hold_logs:
                    logs.append(source)
                if not source.is_log:
                    yield source

    with _progress(paths) as show:
        done = learn_sources(
            mail(), history, Reading.of(site.store().keys, site.settings.authserv_id, site.settings.own_scheme), show
        )
    if logs:
        learn_logs(logs, history, own, done)
    keep_model(site)
    (_print_json if site.format == "json" else _print_plain)(done, history.size())
    if done.not_read:
        return Exit.UNREAD
    return Exit.OK if done.messages or done.unchanged else Exit.NOTHING


def _print_json(done: "Learned", size: dict[str, int]) -> None:
    numbers = {name: getattr(done, name) for name in ("files", "unchanged", "messages", "new", "silent", "not_read")}
    skipped = [{"where": s.where, "reason": s.reason} for s in done.skipped]
    click.echo(json.dumps({"schema": "missent.learn/1", **numbers, "known": size, "skipped": skipped}))


def _print_plain(done: "Learned", size: dict[str, int]) -> None:
    click.echo(f"{done.messages:,} messages read, {done.new:,} new; {done.unchanged:,} of {done.files:,} files as before")
    if done.silent:
        click.echo(f"{done.silent:,} without sender, recipient or date told nothing")
    known = ", ".join(f"{size[what]:,} {what}" for what in ("mails", "people", "pairs", "domains"))
    click.echo(f"known now: {known}, {size['established']:,} of them established")
    for reason, count in Counter(skipped.reason for skipped in done.skipped).most_common():
        first = next(skipped.where for skipped in done.skipped if skipped.reason == reason)
        click.echo(f"not read: {count:,} {reason}, first {first}", err=True)


@contextmanager
def _progress(paths: tuple[Path, ...]) -> "Iterator[Callable[[Reached], None]]":
    """A bar on stderr while it is a terminal, with messages a second."""
    import sys

    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from missent.archive.readers import sources

    octets = sum(source.path.stat().st_size for path in paths for source in sources(path) if source.path.is_file())
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    speed = TextColumn("{task.fields[messages]:,} messages, {task.fields[rate]:,.0f}/s")
    with Progress(TextColumn("learning"), BarColumn(), speed, TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=octets, messages=0, rate=0.0)
        behind = 0

        def show(reached: "Reached") -> None:
            nonlocal behind
            size = reached.path.stat().st_size if reached.path.is_file() else 0
            within = (
                size
                if reached.offset is None
                else min(size, reached.offset // (_PACKED if reached.path.suffix == ".gz" else 1))
            )
            rate = reached.messages / max(bar.tasks[0].elapsed or 0, 0.1)
            bar.update(task, completed=behind + within, messages=reached.messages, rate=rate)
            behind += size if reached.offset is None else 0

        yield show
