"""How far a long command is, on stderr: a bar on a terminal, now and then a line anywhere else."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

Show = Callable[[str, int, int, int], None]

EVERY = 10.0
"""Seconds between two lines where there is no terminal."""


@contextmanager
def telling(what: str) -> Iterator[Show]:
    """Yields what is to be called with step, messages, octets and octets in all (0: unknown)."""
    if sys.stderr.isatty():
        with _bar(what) as show:
            yield show
    else:
        yield _lines(what)


def _lines(what: str) -> Show:
    started = said = time.monotonic()

    def show(step: str, messages: int, octets: int, total: int) -> None:
        nonlocal said
        now = time.monotonic()
        if now - said < EVERY:
            return
        said = now
        rate = messages / (now - started)
        left = f", {(now - started) * (total - octets) / octets:,.0f} s left" if total > octets > 0 else ""
        click.echo(f"{what}: {step}: {messages:,} messages, {rate:,.0f}/s{left}", err=True)

    return show


@contextmanager
def _bar(what: str) -> Iterator[Show]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn(f"{what}: {{task.description}}"),
        BarColumn(),
        TextColumn("{task.fields[said]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task, current, started = bar.add_task("", total=None, said=""), "", time.monotonic()

        def show(step: str, messages: int, octets: int, total: int) -> None:
            nonlocal current, started
            if step != current:
                current, started = step, time.monotonic()
                bar.reset(task, description=step, total=total or None)
            rate = messages / max(time.monotonic() - started, 0.1)
            bar.update(task, completed=octets, said=f"{messages:,} messages, {rate:,.0f}/s")

        yield show
