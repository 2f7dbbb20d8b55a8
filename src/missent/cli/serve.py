"""`missent serve`: the gateway, the sender's pages and the console, until a signal stops them."""

import asyncio
import gc
import logging
import os
import signal
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from missent.cli import worker
from missent.cli.exits import Exit
from missent.cli.site import Site
from missent.errors import ConfigError

if TYPE_CHECKING:
    from structlog.typing import Processor

    from missent.cli.groundwork import Groundwork
    from missent.serving.node import Node
    from missent.serving.supervisor import Supervisor
    from missent.serving.taking import Parts


@click.command()
@click.pass_obj
def serve(site: Site) -> int:
    """Run the SMTP relay, the milter, the sender's pages, the console and the delivery worker.

    Settings come from missent.toml (see docs/settings.md); begin with `own_domains` and `[relay] next_hop`. Until the
    settings say `observe = false`, everything is judged and recorded, and everything is delivered.

    One structured line per message goes to stderr. SIGTERM and SIGINT finish what is under way, then stop. SIGHUP takes up
    `observe`, networks, certificates and the log's addresses from the changed file, and says which keys wait for a restart;
    policy and register are taken up by themselves.
    """
    if not site.settings.own_domains:
        raise ConfigError(f"{site.settings.path or 'missent.toml'}: key `own_domains` is empty, expected your own mail domains")
    log_as_json(site.settings.log_level)
    with ExitStack() as closing:
        worker.count_together(site, closing)
        from missent.cli import groundwork
        from missent.serving.node import Node

        alone = site.settings.serve.workers == 1  # else this process judges corrections only
        node = Node(parts(site, groundwork.lay(site, ready=alone)), worker.starter(site))
        settle()
        _announce(site)
        asyncio.run(_until_signal(node, site))
    return Exit.OK


def parts(site: Site, ground: "Groundwork | None" = None) -> "Parts":
    """What a node of this site, or a process of it, is made of; with `ground`, nothing of that is made again."""
    import time

    from missent.cli import groundwork, knowing
    from missent.judging import Judging
    from missent.recipients.model.traits import HASHES, Hashing
    from missent.serving.taking import Parts
    from missent.store.keys import CONTENT

    store, own = site.store(), site.settings.own
    ground = ground or groundwork.lay(site)
    if ground.model is not None:
        store.model.take(ground.model)
    policy = knowing.policy_in_force(site)
    judging = Judging(own, ground.names, store.history, policy, time.perf_counter, ground.register)
    judging.own_scheme, judging.key = site.settings.own_scheme, store.keys.derive(CONTENT)
    judging.own_patterns = ground.own_patterns
    judging.weigher, judging.hashing = store.model, Hashing(store.keys.derive(HASHES))
    return Parts(site.settings, store, judging, site.policy_path, lambda: datetime.now(UTC), ground.established)


def settle() -> None:
    """What stands in memory now, tables of names and expressions, stays for good: the collector is not to look at it again.

    What comes with a message is mostly freed by its counts: ten times as much may come before the young are looked at.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(7_000, 10, 10)


def _announce(site: Site) -> None:
    settings = site.settings
    said = [
        f"relay on {settings.relay.listen}, next hop {settings.relay.next_hop}",
        *([f"{settings.serve.workers} processes take mail"] if settings.serve.workers > 1 else []),
        *([f"milter on {settings.milter.listen}"] if settings.milter.listen else []),
        f"console on http://{settings.console.listen}/",
        f"sender's pages on {settings.public.listen}" + (f" as {settings.public.url}" if settings.public.url else ""),
    ]
    if settings.health.listen:
        said.append(f"health and metrics on http://{settings.health.listen}/healthz, /readyz, /metrics")
    if settings.compose.listen:
        scheme = "https" if settings.compose.tls_certificate else "http"
        said.append(f"compose windows ask {scheme}://{settings.compose.listen}/v1/judge")
    if not settings.public.url:
        said.append("no `[public] url`: notices carry no link, senders cannot answer by themselves")
    if settings.observe:
        said.append(
            "OBSERVING: everything is judged and recorded, and everything is delivered; `observe = false` turns holding on"
        )
    for line in said:
        click.echo(f"missent: {line}", err=True)


async def _until_signal(node: "Node", site: Site) -> None:
    from missent.serving.supervisor import Supervisor

    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    supervisor = Supervisor.of(os.environ)
    loop.add_signal_handler(signal.SIGHUP, _reload, node, site, supervisor)
    await node.run(stop, supervisor)


def _reload(node: "Node", site: Site, supervisor: "Supervisor") -> None:
    """SIGHUP: settings anew, as far as a running node takes them up; a file that is not valid changes nothing."""
    import structlog

    from missent.serving.supervisor import READY, RELOADING

    log = structlog.get_logger("missent")
    supervisor.tell(RELOADING)
    try:
        settings = site.reread()
        waiting = node.reload(settings)
    except ConfigError as error:
        log.error("settings kept", reason=str(error))  # noqa: TRY400 - one line for the operator
    else:
        log.info("settings in force", observe=settings.observe, after_restart=list(waiting))
    supervisor.tell(READY)


def log_as_json(least: str) -> None:
    """One JSON line per event on stderr; the standard library's loggers go the same way. `least`: the level's name."""
    import structlog
    from structlog.stdlib import ProcessorFormatter

    level: int = getattr(logging, least.upper())
    shared: list[Processor] = [structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    handler = logging.StreamHandler()
    as_json: Processor = structlog.processors.JSONRenderer()
    handler.setFormatter(ProcessorFormatter(processor=as_json, foreign_pre_chain=shared))
    logging.basicConfig(handlers=[handler], level=level)
    for chatty in ("alembic", "uvicorn"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
