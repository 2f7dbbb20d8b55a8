"""A real Postfix in front of a next hop that keeps what it gets. Skipped, with its reason, where it cannot be had."""

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from missent.delivery.stream import Stream
from missent.smtp.data import stuffed
from missent.smtp.reply import Reply, ReplyReader
from missent.testing.postfix import Postfix, why_not


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reason = why_not()
    for item in items:
        if reason and item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that Postfix's users can enter: pytest's own is closed to them."""
    made = Path(tempfile.mkdtemp(prefix="missent-postfix-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def postfix(folder: Path) -> Iterator[Callable[..., Postfix]]:
    """Start one: `postfix(next_hop_port, "smtpd options of a listener", …)`."""
    running: list[Postfix] = []

    def start(next_hop: int, *listeners: str) -> Postfix:
        home = folder / f"postfix{len(running)}"
        home.mkdir(mode=0o755, exist_ok=True)
        running.append(Postfix.start(home, next_hop, *listeners))
        return running[-1]

    yield start
    for one in running:
        one.end()


class Client:
    """A client that says exactly what it is told to."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.replies = ReplyReader()

    async def hear(self) -> Reply:
        while (reply := self.replies.next()) is None:
            data = await self.stream.read()
            if not data:
                raise ConnectionError("Postfix hung up")
            self.replies.receive(data)
        return reply

    async def say(self, line: str | bytes) -> str:
        self.stream.write((line.encode() if isinstance(line, str) else line) + b"\r\n")
        return str(await self.hear())

    async def mail(self, *rcpts: str, message: bytes, sender: str = "<me@own.example>") -> str:
        """One message to the end: the last reply. Paths are given as they are said."""
        assert (await self.say(f"MAIL FROM:{sender}")).startswith("250")
        for rcpt in rcpts:
            await self.say(f"RCPT TO:{rcpt}")
        reply = await self.say("DATA")
        if not reply.startswith("354"):
            return reply
        self.stream.write(stuffed(message))
        return str(await self.hear())


@pytest.fixture
def client() -> Callable[[int], contextlib.AbstractAsyncContextManager[Client]]:
    @contextlib.asynccontextmanager
    async def connected(port: int, ip: str = "") -> AsyncIterator[Client]:
        _, stream = await asyncio.get_running_loop().create_connection(Stream, "127.0.0.1", port)
        try:
            talking = Client(stream)
            await talking.hear()
            if ip:
                await talking.say("EHLO client.example")
                assert (await talking.say(f"XCLIENT ADDR={ip} NAME=stranger.example")).startswith("220")
            await talking.say("EHLO client.example")
            yield talking
        finally:
            stream.abort()
            await asyncio.sleep(0)

    return connected
