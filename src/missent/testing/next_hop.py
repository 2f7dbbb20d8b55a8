"""A next hop that keeps what it gets, and refuses, hangs or hangs up where a script says so.

async with KeepingNextHop({"RCPT bob@b.example": "550 5.1.1 No Bob here", "END": "hang"}) as hop:
    ...
    assert hop.kept[0].rcpts == ("ann@b.example",)
"""

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from missent.delivery.stream import Stream
from missent.smtp.events import Answered, Chunk, Data, EndOfData, Event, Hello, Mail, Quit, Rcpt, Reset, StartTls
from missent.smtp.reply import Reply
from missent.smtp.server import Server

EXTENSIONS = ("PIPELINING", "SIZE 50000000", "8BITMIME", "SMTPUTF8", "DSN", "ENHANCEDSTATUSCODES")


@dataclass(frozen=True, slots=True)
class Kept:
    """One message as it arrived: envelope with parameters, octets after un-stuffing."""

    mail: Mail
    rcpt_commands: tuple[Rcpt, ...]
    raw: bytes
    encrypted: bool

    @property
    def mail_from(self) -> str:
        """Reverse-path, "" for `<>`."""
        return self.mail.mailbox

    @property
    def rcpts(self) -> tuple[str, ...]:
        """Granted recipients in order."""
        return tuple(rcpt.mailbox for rcpt in self.rcpt_commands)


@dataclass(slots=True)
class KeepingNextHop:
    """An SMTP server for tests, benchmarks and the demo; an async context manager.

    Attributes:
        script: by stage (`CONNECT`, `EHLO`, `MAIL`, `RCPT`, `RCPT <address>`, `DATA`, `CHUNK`, `END`, `RSET`) what to say
            instead: a reply such as `451 4.3.0 Later`, `hang`, or `drop`. May be changed while it runs.
        extensions: what EHLO announces besides STARTTLS, which comes with `tls`.
        on_kept: called with each message it accepted.
        kept: messages accepted. commands: every command event of all sessions. sessions: connections so far.
    """

    script: Mapping[str, str] = field(default_factory=dict)
    extensions: tuple[str, ...] = EXTENSIONS
    tls: ssl.SSLContext | None = None
    on_kept: Callable[[Kept], None] | None = None
    host: str = "127.0.0.1"
    port: int = 0
    kept: list[Kept] = field(default_factory=list)
    commands: list[Event] = field(default_factory=list)
    sessions: int = 0
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        """Listen; `port` is the one in use from here on."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Stream(self._opened), self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening and hang up on everybody."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def address(self) -> str:
        """`host:port`, as settings want it."""
        return f"{self.host}:{self.port}"

    def _opened(self, stream: Stream) -> None:
        self.sessions += 1
        task = asyncio.create_task(_Session(self, stream).run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class _Drop(Exception):
    """The script says: hang up."""


class _Session:
    def __init__(self, hop: KeepingNextHop, stream: Stream) -> None:
        self.hop = hop
        self.stream = stream
        self.smtp = Server()
        self.rcpts: list[Rcpt] = []
        self.chunks: list[bytes] = []
        self.encrypted = False

    async def run(self) -> None:
        try:
            with contextlib.suppress(_Drop, ConnectionError):
                self.stream.write((await self._scripted("CONNECT", Reply.of("220 next.example ESMTP"))).encode())
                await self._converse()
        finally:
            self.stream.close()

    async def _converse(self) -> None:
        while data := await self.stream.read():
            self.smtp.receive(data)
            while (event := self.smtp.next_event()) is not None:
                if not isinstance(event, Chunk):
                    self.hop.commands.append(event)
                if not await _HANDLERS[type(event)](self, event):
                    return
            await self.stream.drain()

    async def _scripted(self, stage: str, otherwise: Reply) -> Reply:
        told = self.hop.script.get(stage)
        if told == "hang":
            await asyncio.Event().wait()
        if told == "drop":
            raise _Drop
        return Reply.of(told) if told else otherwise

    async def _answer(self, stage: str, otherwise: str) -> Reply:
        reply = await self._scripted(stage, Reply.of(otherwise))
        self.stream.write(self.smtp.reply(reply))
        return reply

    async def hello(self, event: Event) -> bool:
        extended = isinstance(event, Hello) and event.extended
        tls = ("STARTTLS",) if self.hop.tls and not self.encrypted else ()
        keywords = (*self.hop.extensions, *tls) if extended else ()
        self.smtp.state.extensions = frozenset(keyword.split()[0] for keyword in keywords)
        return (await self._answer("EHLO", "250 " + "\n".join(("next.example", *keywords)))).code != 421

    async def mail(self, _: Event) -> bool:
        self.rcpts, self.chunks = [], []
        return (await self._answer("MAIL", "250 2.1.0 Ok")).code != 421

    async def rcpt(self, event: Event) -> bool:
        assert isinstance(event, Rcpt)  # noqa: S101 - the table says so
        stage = f"RCPT {event.mailbox}"
        reply = await self._answer(stage if stage in self.hop.script else "RCPT", "250 2.1.5 Ok")
        if reply.good:
            self.rcpts.append(event)
        return reply.code != 421

    async def data(self, _: Event) -> bool:
        return (await self._answer("DATA", "354 Go ahead")).code != 421

    async def chunk(self, event: Event) -> bool:
        await self._scripted("CHUNK", Reply(250))
        self.chunks.append(event.octets if isinstance(event, Chunk) else b"")
        return True

    async def end(self, _: Event) -> bool:
        mail = self.smtp.state.mail
        reply = await self._answer("END", f"250 2.0.0 Ok: kept as {len(self.hop.kept) + 1}")
        if reply.good and mail is not None:
            kept = Kept(mail, tuple(self.rcpts), b"".join(self.chunks), self.encrypted)
            self.hop.kept.append(kept)
            if self.hop.on_kept is not None:
                self.hop.on_kept(kept)
        self.chunks = []
        return reply.code != 421

    async def reset(self, _: Event) -> bool:
        return (await self._answer("RSET", "250 2.0.0 Ok")).code != 421

    async def start_tls(self, _: Event) -> bool:
        assert self.hop.tls is not None  # noqa: S101 - announced only then
        self.stream.write(self.smtp.reply(Reply.of("220 2.0.0 Go ahead")))
        await self.stream.start_tls(self.hop.tls)
        self.encrypted = True
        return True

    async def answered(self, event: Event) -> bool:
        assert isinstance(event, Answered)  # noqa: S101 - the table says so
        self.stream.write(event.reply.encode())
        return not event.closing

    async def quit(self, _: Event) -> bool:
        await self._answer("QUIT", "221 2.0.0 Bye")
        return False


_HANDLERS: dict[type, Callable[[_Session, Event], Awaitable[bool]]] = {
    Hello: _Session.hello,
    Mail: _Session.mail,
    Rcpt: _Session.rcpt,
    Data: _Session.data,
    Chunk: _Session.chunk,
    EndOfData: _Session.end,
    Reset: _Session.reset,
    StartTls: _Session.start_tls,
    Answered: _Session.answered,
    Quit: _Session.quit,
}
"""What each event does; False hangs up."""
