"""One node from its parts: started in order, stopped in the opposite order, nothing under way cut off."""

import asyncio
import os
import random
import signal
import socket
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from multiprocessing.process import BaseProcess

import structlog

from missent.delivery import clock, next_hop
from missent.delivery.channel import ByChannel
from missent.delivery.composing import Composer
from missent.delivery.deletion import DeletionComposer
from missent.delivery.letterhead import Letterhead
from missent.delivery.stamping import Stamping
from missent.delivery.worker import Worker
from missent.errors import StoreError
from missent.serving import drafting
from missent.serving.again import judge_again
from missent.serving.crew import Crew
from missent.serving.metrics import CONTENT_TYPE, Metrics
from missent.serving.pages import Pages
from missent.serving.refreshing import Refreshing
from missent.serving.reloading import LIVE, changed
from missent.serving.supervisor import READY, STOPPING, Supervisor
from missent.serving.taking import Parts, Sockets, Taking, keep_new
from missent.settings import Settings, host_port
from missent.web import compose as windows
from missent.web import console, health, public
from missent.web.links import Links, sender_links

log = structlog.get_logger("missent")


class Node:
    """Relay, milter, console, sender's pages, delivery worker and refreshing over one store.

    Args:
        parts: what it is made of.
        start: starts a process that takes mail, where the settings want several.
    """

    def __init__(self, parts: Parts, start: Callable[[Sockets], BaseProcess] | None = None) -> None:
        self._parts = parts
        self._stopping = asyncio.Event()
        self._metrics = Metrics()
        self._taking = Taking(parts, self._metrics)
        self._crew = Crew(parts.settings, start) if start and parts.settings.serve.workers > 1 else None
        self._refreshing = Refreshing(parts, parts.policy_file)
        self._tasks: list[asyncio.Task[None]] = []
        self._pages: list[Pages] = []

    async def start(self) -> None:
        """Listen on every socket and begin to work. Raises ConfigError if one is not to be had."""
        settings, store, now = self._parts.settings, self._parts.store, self._parts.now
        await asyncio.to_thread(self._refreshing.look)
        links = Links(store.keys.derive("link"))
        address = host_port(settings.console.listen, "listen")
        desk = console.Desk(store.holds, store.outbox, links, now)
        again = judge_again(self._parts.judging, self._taking.opener, store.holds.body, now)
        self._pages = [
            *self._windows(),
            Pages(console.app(desk, address[1]), address),
            Pages(
                public.app(store.holds, links, again, store.keys.alias, now),
                host_port(settings.public.listen, "listen"),
            ),
            *self._health(),
        ]
        if self._crew is None:
            await self._taking.open()
        else:
            self._crew.open()
        for pages in self._pages:
            pages.start()
        mail, letters = self._workers(links)
        ticking = clock.Clock(store.holds, self._purge)
        self._tasks = [
            asyncio.create_task(clock.run(mail, ticking, self._stopping, now, pause=0.2)),
            asyncio.create_task(clock.run(letters, ticking, self._stopping, now, pause=2.0)),
            asyncio.create_task(keep_new(self._refreshing, store, self._stopping)),
        ]

    def _workers(self, links: Links) -> tuple[Worker, Worker]:
        """Those that send what leaves: of holds, and of cases."""
        settings, store = self._parts.settings, self._parts.store
        head = Letterhead.of(settings, socket.gethostname())
        send = ByChannel(next_hop.Target.of(settings.relay), store.register.read)
        owner = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        key = store.passes.pass_key if settings.relay.sign_released else None
        of_holds = Stamping(Composer(store.holds, head, sender_links(links, head)), head.processed, key)
        of_cases = Stamping(DeletionComposer(store.cases.get, head), head.processed, key)
        return (
            Worker(store.outbox, of_holds, send, owner, random.random),
            Worker(store.case_letters, of_cases, send, owner, random.random),
        )

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
        self._taking.adopt(settings)
        if self._crew is not None:
            self._crew.tell(signal.SIGHUP)
        self._parts = replace(self._parts, settings=settings)
        return tuple(key for key in changed(before, settings) if key not in LIVE)

    async def stop(self) -> None:
        """Take nothing new, finish what is under way, let go of every socket."""
        if self._crew is not None:
            await self._crew.close()
        await self._taking.close()
        self._stopping.set()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for pages in self._pages:
            await pages.stop()
        await asyncio.to_thread(self._refreshing.keep_model)

    def _purge(self, before: datetime, now: datetime) -> int:
        self._parts.store.passes.forget_passes(now)
        return self._parts.store.holds.purge(before, now)

    def _health(self) -> list[Pages]:
        listen, metrics = self._parts.settings.health.listen, self._metrics
        if not listen:
            return []
        metrics.watch(self._parts.store, self._parts.now, lambda: self._parts.settings.observe)
        return [Pages(health.app(self._ready, metrics.exposition, CONTENT_TYPE), host_port(listen, "listen"))]

    def _windows(self) -> list[Pages]:
        """The API for compose windows. Raises ConfigError if its file of tokens is not to be had."""
        compose = self._parts.settings.compose
        if not compose.listen:
            return []
        window = drafting.window(self._parts, lambda: self._parts.settings.observe, self._metrics.draft)
        address = host_port(compose.listen, "listen")
        return [Pages(windows.app(window), address, compose.tls_certificate, compose.tls_key)]

    def _ready(self) -> dict[str, bool]:
        """Whether a message could be judged and held now."""
        try:
            self._parts.store.outbox.waiting()
        except StoreError:
            return {"store": False, "taking": not self._stopping.is_set()}
        return {"store": True, "taking": not self._stopping.is_set()}
