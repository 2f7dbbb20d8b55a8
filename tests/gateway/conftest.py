"""A relay on a real socket between a talker and a next hop that keeps what it gets."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Self

import pytest

from missent.delivery.stream import Stream
from missent.gateway.ports import House
from missent.gateway.relay import Relay, serve_relay
from missent.settings import RelaySettings
from missent.smtp.reply import Reply, ReplyReader
from missent.testing.gateway import Book, Judge
from missent.testing.next_hop import KeepingNextHop

MESSAGE = b"Message-ID: <1@a.example>\r\nSubject: x\r\n\r\nHello\r\n"


class Talker:
    """A client that says exactly what it is told to."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.replies = ReplyReader()

    @classmethod
    async def to(cls, port: int) -> Self:
        _, stream = await asyncio.get_running_loop().create_connection(Stream, "127.0.0.1", port)
        return cls(stream)

    async def hear(self) -> Reply | None:
        """The next reply; None when the relay hung up."""
        while (reply := self.replies.next()) is None:
            data = await self.stream.read()
            if not data:
                return None
            self.replies.receive(data)
        return reply

    async def say(self, *lines: str | bytes) -> str:
        """Send lines; the first reply as text."""
        self.stream.write(b"".join((line.encode() if isinstance(line, str) else line) + b"\r\n" for line in lines))
        return str(await self.hear())

    async def greet(self) -> str:
        await self.hear()
        return await self.say("EHLO client.example")

    async def mail(self, *rcpts: str, sender: str = "me@own.example", message: bytes = MESSAGE) -> str:
        """One message to the end: the last reply."""
        await self.say(f"MAIL FROM:<{sender}>")
        for rcpt in rcpts:
            await self.say(f"RCPT TO:<{rcpt}>")
        reply = await self.say("DATA")
        if not reply.startswith("354"):
            return reply
        self.stream.write(message + b".\r\n")
        return str(await self.hear())

    async def start_tls(self, context: ssl.SSLContext) -> None:
        await self.stream.start_tls(context, "127.0.0.1")


@dataclass
class World:
    relay: Relay
    hop: KeepingNextHop
    book: Book
    judge: Judge

    async def talker(self) -> Talker:
        talker = await Talker.to(self.relay.port)
        await talker.greet()
        return talker


@contextlib.asynccontextmanager
async def a_world(
    script: Mapping[str, str] | None = None,
    hop: Mapping[str, Any] | None = None,
    house: Mapping[str, Any] | None = None,
    **settings: Any,
) -> AsyncIterator[World]:
    """Everything running; `settings` are RelaySettings' keys."""
    async with KeepingNextHop(dict(script or {}), **(hop or {})) as next_hop:
        book, judge = Book(), Judge()
        settings = {"listen": "127.0.0.1:0", "hostname": "relay.example", "next_hop": next_hop.address} | settings
        own = {"domains": frozenset({"own.example"}), "instance": "abc123"} | dict(house or {})
        relay = await serve_relay(RelaySettings(**settings), judge, book, House(**own))
        try:
            yield World(relay, next_hop, book, judge)
        finally:
            await relay.close(grace=0.2)


@pytest.fixture(name="world")
def _world() -> Callable[..., contextlib.AbstractAsyncContextManager[World]]:
    return a_world


@pytest.fixture
def talk() -> Callable[[int], Coroutine[None, None, Talker]]:
    return Talker.to


@pytest.fixture
def run() -> Callable[[Coroutine[None, None, None]], None]:
    return lambda main: asyncio.run(asyncio.wait_for(main, 20))
