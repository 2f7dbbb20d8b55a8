"""`missent demo`: the whole system on an embedded default, with a made-up ministry."""

import asyncio
import contextlib
import logging
import shutil
import socket
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from missent.cli.exits import Exit
from missent.cli.site import Site

if TYPE_CHECKING:
    from missent.demo.story import Stage, Step
    from missent.store.register import Entry
    from missent.testing.next_hop import KeepingNextHop

SETTINGS = """\
own_domains = ["mod.example"]
own_scheme = "uk-gscp"
observe = false
[relay]
listen = "127.0.0.1:{relay}"
hostname = "gateway.mod.example"
next_hop = "127.0.0.1:{next_hop}"
[console]
listen = "127.0.0.1:{console}"
[public]
listen = "127.0.0.1:{public}"
url = "http://127.0.0.1:{public}"
"""


@click.command()
@click.option("--once", is_flag=True, help="End after the story; exit 0 only if every step went as told.")
@click.pass_obj
def demo(site: Site, once: bool) -> int:
    """Start gateway, next hop, console and sender's pages on this machine and tell the main job with real mail.

    Everything lies in a temporary folder and leaves nothing behind. Without --once it stays up, so that you can open
    the links, press the buttons, and send mail of your own.
    """
    import structlog

    quiet = structlog.make_filtering_bound_logger(logging.ERROR)
    structlog.configure(wrapper_class=quiet)
    logging.getLogger().addHandler(logging.NullHandler())
    with _folder() as folder:
        return asyncio.run(_play(folder, once=once))


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="missent-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _play(folder: Path, *, once: bool) -> int:
    from missent.cli.serve import parts
    from missent.serving.node import Node
    from missent.testing.next_hop import KeepingNextHop

    async with KeepingNextHop() as hop:
        ports = dict(zip(("relay", "console", "public"), _free_ports(3), strict=True))
        config = folder / "missent.toml"
        config.write_text(SETTINGS.format(next_hop=hop.port, **ports))
        with Site(str(config)) as site:
            await asyncio.to_thread(_furnish, site, folder)
            node = Node(await asyncio.to_thread(parts, site))
            await node.start()
            try:
                as_told = await asyncio.to_thread(_tell, _stage(site, hop, ports["relay"]), once)
                if not once:
                    await _stay(ports, as_told=as_told)
            finally:
                await node.stop()
    return Exit.OK if as_told else Exit.FAILED


def _furnish(site: Site, folder: Path) -> None:
    """The register, and three months of past mail learned as `missent learn` would."""
    from missent.archive.learning import learn_source
    from missent.demo.world import past_mail, world

    of, now = world(), datetime.now(UTC)
    store = site.store()
    entries: list[Entry] = [*of.register.partners, *of.register.clearances.values(), *of.register.restrictions]
    for entry in entries:
        store.register.put(entry, now, "demo")
    past = folder / "past.mbox"
    past.write_bytes(b"".join(past_mail(of, now)))
    learn_source(past, store)


def _tell(stage: "Stage", once: bool) -> bool:
    from missent.demo.story import tell

    as_told = True
    for number, step in enumerate(tell(stage, decide=once), 1):
        _say(number, step)
        as_told &= step.as_told
    click.echo("\nEvery step went as told." if as_told else "\nNOT AS TOLD: see above.")
    return as_told


def _say(number: int, step: "Step") -> None:
    click.echo(f"\n{number}. {step.title}" + ("" if step.as_told else "   NOT AS TOLD"))
    for line in step.told:
        click.echo(f"   {line}")


def _stage(site: Site, hop: "KeepingNextHop", port: int) -> "Stage":
    from missent.demo.story import Stage

    def inbox(rcpt: str) -> list[bytes]:
        return [kept.raw for kept in tuple(hop.kept) if rcpt in kept.rcpts]

    def verify() -> int:
        return verified(site)

    return Stage(("127.0.0.1", port), inbox, verify)


def verified(site: Site) -> int:
    """Number of events in the audit chain; -1 if it does not verify."""
    verification = site.store().audit.verify()
    return -1 if verification.faults else verification.events


async def _stay(ports: dict[str, int], *, as_told: bool) -> None:
    click.echo(f"""
It stays up until you press Ctrl-C. Look around:

   console        http://127.0.0.1:{ports["console"]}/
   sender's page  the links above

Send a test of your own:

   swaks --server 127.0.0.1:{ports["relay"]} --from anna.clark@mod.example --to jane.doe@navy.ml
   printf 'To: jane.doe@navy.ml\\nSubject: test\\n\\nHello\\n' | curl smtp://127.0.0.1:{ports["relay"]} \\
     --mail-from anna.clark@mod.example --mail-rcpt jane.doe@navy.ml --crlf -T -
""")
    if as_told:
        await asyncio.Event().wait()


def _free_ports(count: int) -> list[int]:
    """Ports nobody listens on just now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()
