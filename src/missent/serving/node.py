"""One node from its parts: started in order, stopped in the opposite order, nothing under way cut off."""

import asyncio
import functools
import os
import random
import socket
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from missent.delivery import clock, next_hop
from missent.delivery.composing import Composer
from missent.delivery.letterhead import Letterhead
from missent.delivery.worker import Worker
from missent.errors import StoreError
from missent.gateway.milter import Milter, serve_milter
from missent.gateway.ports import House
from missent.gateway.relay import Relay, serve_relay
from missent.judging import Judging, traits_of_message
from missent.message.model import Message
from missent.reading.opener import Opener
from missent.reading.texts import open_texts
from missent.serving.again import judge_again
from missent.serving.metrics import CONTENT_TYPE, Metrics
from missent.serving.off_loop import OffLoopJudge
from missent.serving.pages import Pages
from missent.serving.refreshing import Refreshing
from missent.serving.reloading import LIVE, changed
from missent.serving.supervisor import READY, STOPPING, Supervisor
from missent.settings import Settings, host_port
from missent.web import console, health, public
from missent.web.links import Links, sender_links
from missent.words import explain

if TYPE_CHECKING:
    from missent.store.opened import Store

log = structlog.get_logger("missent")

_HEARING = 0.25
"""Seconds the node listens for news before it looks whether it is to stop."""

_AWAY = 1.0


@dataclass(frozen=True, slots=True)
class Parts:
    """What a node is made of.

    Attributes:
        policy_file: the settings' policy file; None if they name none.
        now: the clock, UTC.
    """

    settings: Settings
    store: "Store"
    judging: Judging
    policy_file: Path | None
    now: Callable[[], datetime]


class Node:
    """Relay, milter, console, sender's pages, delivery worker and refreshing over one store."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._stopping = asyncio.Event()
        at_once = parts.store.prompt.known if parts.store.prompt else None
        self._opener = Opener(parts.settings.reading)
        self._judge = OffLoopJudge(parts.judging, parts.settings.relay.judge_timeout, parts.now, self._opener, at_once)
        self._metrics = Metrics()
        self._refreshing = Refreshing(parts.judging, parts.store, parts.policy_file, parts.now)
        self._tasks: list[asyncio.Task[None]] = []
        self._pages: list[Pages] = []
        self._relay: Relay | None = None
        self._milter: Milter | None = None

    async def start(self) -> None:
        """Listen on every socket and begin to work. Raises ConfigError if one is not to be had."""
        settings, store, now = self._parts.settings, self._parts.store, self._parts.now
        await asyncio.to_thread(self._refreshing.look)
        await asyncio.to_thread(self._judge.warm)
        links = Links(store.keys.derive("link"))
        head = Letterhead.of(settings, socket.gethostname())
        address = host_port(settings.console.listen, "listen")
        desk = console.Desk(store.holds, store.outbox, links, now)
        again = judge_again(self._parts.judging, self._opener, store.holds.body, now)
        self._pages = [
            Pages(console.app(desk, address[1]), address),
            Pages(
                public.app(store.holds, links, again, store.keys.alias, now),
                host_port(settings.public.listen, "listen"),
            ),
            *self._health(),
        ]
        self._relay = await serve_relay(settings.relay, self._judge, store.holds, self._house(settings))
        if settings.milter.listen:
            self._milter = await serve_milter(settings.milter, self._judge, store.holds, self._house(settings))
        for pages in self._pages:
            pages.start()
        pass_key = store.passes.pass_key if settings.relay.sign_released else None
        composer = Composer(store.holds, head, sender_links(links, head), pass_key)
        send = functools.partial(next_hop.send, next_hop.Target.of(settings.relay))
        worker = Worker(
            store.outbox, composer, send, f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}", random.random
        )
        ticking = clock.Clock(store.holds, self._purge)
        self._tasks = [
            asyncio.create_task(clock.run(worker, ticking, self._stopping, now, pause=0.2)),
            asyncio.create_task(self._refresh()),
        ]

    async def run(self, stop: asyncio.Event, supervisor: Supervisor) -> None:
        """Start, work until `stop` is set, and stop; the supervisor is told when."""
        await self.start()
        supervisor.tell(READY)
        self._tasks.append(asyncio.create_task(supervisor.keep_alive()))
        try:
            await stop.wait()
        finally:
            supervisor.tell(STOPPING)
            self._tasks[-1].cancel()
            await self.stop()

    def reload(self, settings: Settings) -> tuple[str, ...]:
        """Take up changed settings, as far as a running node can; the keys that wait for a restart.

        Raises ConfigError if certificate files are not to be had: then everything is as it was.
        """
        before = self._parts.settings
        house = self._house(settings)
        if self._relay is not None:
            self._relay.adopt(settings.relay, house)
        if self._milter is not None:
            self._milter.adopt(house)
        self._parts = replace(self._parts, settings=settings)
        return tuple(key for key in changed(before, settings) if key not in LIVE)

    async def stop(self) -> None:
        """Take nothing new, finish what is under way, let go of every socket."""
        listening = [listener for listener in (self._relay, self._milter) if listener is not None]
        await asyncio.gather(*(listener.close() for listener in listening))
        self._stopping.set()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for pages in self._pages:
            await pages.stop()
        self._judge.close()
        await asyncio.to_thread(self._refreshing.keep_model)

    def _house(self, settings: Settings) -> House:
        store = self._parts.store
        return House(
            domains=settings.own,
            networks=settings.own_networks or settings.relay.allowed_clients,
            authserv_id=settings.authserv_id,
            observe=settings.observe,
            connectors=settings.connectors,
            processed=_field(settings.processed_header),
            instance=store.keys.id,
            explain=lambda finding, _address: explain(finding),
            passes=store.passes,
            remember=self._parts.judging.history.learn,
            traits=self._traits,
            log_addresses=settings.log_addresses,
            meter=self._metrics,
        )

    def _purge(self, before: datetime, now: datetime) -> int:
        self._parts.store.passes.forget_passes(now)
        return self._parts.store.holds.purge(before, now)

    def _health(self) -> list[Pages]:
        listen, metrics = self._parts.settings.health.listen, self._metrics
        if not listen:
            return []
        metrics.watch(self._parts.store, self._parts.now, lambda: self._parts.settings.observe)
        return [Pages(health.app(self._ready, metrics.exposition, CONTENT_TYPE), host_port(listen, "listen"))]

    def _ready(self) -> dict[str, bool]:
        """Whether a message could be judged and held now."""
        try:
            self._parts.store.outbox.waiting()
        except StoreError:
            return {"store": False, "taking": not self._stopping.is_set()}
        return {"store": True, "taking": not self._stopping.is_set()}

    def _traits(self, raw: bytes, message: Message) -> bytes:
        hashing = self._parts.judging.hashing
        return traits_of_message(message, open_texts(raw, message), hashing) if hashing else b""

    async def _refresh(self) -> None:
        while not self._stopping.is_set():
            try:
                await asyncio.to_thread(self._refreshing.look)
            except StoreError as error:
                log.warning("store is away", error=type(error).__name__)
                await asyncio.sleep(_AWAY)
            while not self._stopping.is_set() and not await asyncio.to_thread(self._parts.store.news.wait, _HEARING):
                pass


def _field(line: str) -> tuple[str, str] | None:
    name, colon, value = line.partition(": ")
    return (name, value) if colon else None
