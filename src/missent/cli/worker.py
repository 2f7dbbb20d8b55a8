"""A process of `missent serve` that takes mail and does nothing else."""

import asyncio
import multiprocessing
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING

import click

from missent.cli.site import Site
from missent.errors import ConfigError, MissentError

if TYPE_CHECKING:
    from missent.serving.taking import Sockets, Taking

FORKED_FOR = "MISSENT_FORKED_FOR"
"""Environment of the process that the others are forked from: the settings file that was named, "" for none."""

_COUNTERS = "PROMETHEUS_MULTIPROC_DIR"
"""Where prometheus_client keeps what several processes count; it looks once, when it is imported."""


_SOCKET = len("/pymp-xxxxxxxx/listener-xxxxxxxx")
_LONGEST_PATH = 107
"""Octets of a UNIX socket's path (unix(7)); multiprocessing makes one in the folder for temporary files."""


def count_together(site: Site, closing: ExitStack) -> None:
    """Have the processes of this site count in one place, if there will be several."""
    if site.settings.serve.workers > 1:
        os.environ[_COUNTERS] = closing.enter_context(tempfile.TemporaryDirectory(prefix="missent-metrics-"))


def starter(site: Site) -> "Callable[[Sockets], BaseProcess]":
    """Starts such a process of this site: forked, but not from this process, whose threads and database connections are
    nobody else's: from one that has neither and holds what all of them need. Raises ConfigError.
    """
    folder = tempfile.gettempdir()
    if site.settings.serve.workers > 1 and len(os.fsencode(folder)) + _SOCKET > _LONGEST_PATH:
        raise ConfigError(f"[serve] workers: the path {folder} is too long for their socket: set TMPDIR to a shorter folder")
    os.environ[FORKED_FOR] = site.config or ""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["missent.cli.groundwork"])

    def start(sockets: "Sockets") -> BaseProcess:
        process = context.Process(target=work, args=(site.config, sockets), name="missent-worker")
        process.start()
        return process

    return start


def work(config: str | None, sockets: "Sockets") -> None:
    """The process: take mail until told to stop, or until the first process is gone."""
    from missent.cli import groundwork
    from missent.cli.serve import log_as_json, parts
    from missent.serving.metrics import Metrics
    from missent.serving.taking import Taking

    try:
        with Site(config) as site:
            log_as_json(site.settings.log_level)
            made = parts(site, groundwork.laid())
            asyncio.run(_take(Taking(made, Metrics()), site, sockets))
    except MissentError as error:
        click.echo(f"missent: {error}", err=True)
        sys.exit(2)


async def _take(taking: "Taking", site: Site, sockets: "Sockets") -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, _reload, taking, site)
    if (parent := multiprocessing.parent_process()) is not None:
        loop.add_reader(parent.sentinel, stop.set)
    await taking.run(sockets, stop)


def _reload(taking: "Taking", site: Site) -> None:
    try:
        taking.adopt(site.reread())
    except MissentError:
        return  # the first process has said so
