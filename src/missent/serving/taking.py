"""What takes mail in one process: the judge, the relay and the milter, over the node's store."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from missent.errors import StoreError
from missent.gateway.milter import Milter, serve_milter
from missent.gateway.ports import House
from missent.gateway.relay import Relay, serve_relay
from missent.judging import Judging, traits_of_message
from missent.message.model import Message
from missent.reading.opener import Opener
from missent.reading.texts import open_texts
from missent.serving.metrics import Metrics
from missent.serving.off_loop import OffLoopJudge
from missent.serving.refreshing import Refreshing
from missent.settings import Settings
from missent.words import explain

if TYPE_CHECKING:
    from missent.store.opened import Store

log = structlog.get_logger("missent")

_HEARING = 0.25
"""Seconds a process listens for news before it looks whether it is to stop."""

_AWAY = 1.0


@dataclass(frozen=True, slots=True)
class Parts:
    """What a node is made of.

    Attributes:
        policy_file: the settings' policy file; None if they name none.
        now: the clock, UTC.
        established: the state of history that the judge's names were made from (`SqlHistory.established_state`).
    """

    settings: Settings
    store: "Store"
    judging: Judging
    policy_file: Path | None
    now: Callable[[], datetime]
    established: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sockets:
    """Listening sockets that several processes share."""

    relay: socket.socket
    milter: socket.socket | None = None


class Taking:
    """Relay and milter of one process.

    Attributes:
        opener: opens what messages carry; closed with the judge.
    """

    def __init__(self, parts: Parts, metrics: Metrics) -> None:
        self._parts = parts
        self._metrics = metrics
        at_once = parts.store.prompt.known if parts.store.prompt else None
        self.opener = Opener(parts.settings.reading)
        self._judge = OffLoopJudge(parts.judging, parts.settings.relay.judge_timeout, parts.now, self.opener, at_once)
        self.relay: Relay | None = None
        self.milter: Milter | None = None

    async def open(self, sockets: Sockets | None = None) -> None:
        """Listen, on shared sockets where some are given. Raises ConfigError if one is not to be had."""
        settings, book = self._parts.settings, self._parts.store.holds
        await asyncio.to_thread(self._judge.warm)
        shared = sockets.relay if sockets else None
        self.relay = await serve_relay(settings.relay, self._judge, book, self._house(settings), shared)
        if settings.milter.listen:
            shared = sockets.milter if sockets else None
            self.milter = await serve_milter(settings.milter, self._judge, book, self._house(settings), shared)

    async def run(self, sockets: Sockets, stop: asyncio.Event) -> None:
        """A process of its own: take mail on shared sockets, as new as the store, until `stop` is set."""
        parts = self._parts
        refreshing = Refreshing(parts, None)  # the policy file is the first process's
        await asyncio.to_thread(refreshing.look)
        await self.open(sockets)
        keeping = asyncio.create_task(keep_new(refreshing, parts.store, stop))
        await stop.wait()
        await self.close()
        await asyncio.gather(keeping, return_exceptions=True)

    def adopt(self, settings: Settings) -> None:
        """Take up changed settings, as far as what runs can. Raises ConfigError if certificate files are not to be had: then
        everything is as it was.
        """
        house = self._house(settings)
        if self.relay is not None:
            self.relay.adopt(settings.relay, house)
        if self.milter is not None:
            self.milter.adopt(house)

    async def close(self) -> None:
        """Take nothing new, finish what is under way."""
        await asyncio.gather(*(one.close() for one in (self.relay, self.milter) if one is not None))
        self._judge.close()

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

    def _traits(self, raw: bytes, message: Message) -> bytes:
        hashing = self._parts.judging.hashing
        return traits_of_message(message, open_texts(raw, message), hashing) if hashing is not None else b""


async def keep_new(refreshing: Refreshing, store: "Store", stopping: asyncio.Event) -> None:
    """Take up what changes in the store until told to stop."""
    while not stopping.is_set():
        try:
            await asyncio.to_thread(refreshing.look)
        except StoreError as error:
            log.warning("store is away", error=type(error).__name__)
            await asyncio.sleep(_AWAY)
        while not stopping.is_set() and not await asyncio.to_thread(store.news.wait, _HEARING):
            pass


def _field(line: str) -> tuple[str, str] | None:
    name, colon, value = line.partition(": ")
    return (name, value) if colon else None
