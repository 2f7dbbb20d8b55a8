"""The next hop: the server that judged mail is handed to, spoken to in its own words.

Its replies come back unchanged, so that a relay can pass them on and a console can show them. Nothing of a message is
rewritten on the way: no line is folded, no 8-bit octet encoded, no DSN option dropped where the server offers DSN.
"""

import asyncio
import functools
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass

from missent.delivery.stream import Stream
from missent.errors import PeerError, RelayError
from missent.nouns.address import Address
from missent.nouns.envelope import MailOptions, Recipient
from missent.settings import RelaySettings, host_port
from missent.smtp import client
from missent.smtp.client import Offer
from missent.smtp.data import stuffed
from missent.smtp.reply import Reply, ReplyReader

_PIECE = 1 << 18
"""Octets written at once."""

_AWAY = "4.4.1 Next hop is away, try again later"
_LOST = "4.4.2 Connection to the next hop was lost, try again later"
_NO_TLS = "4.7.4 Next hop offers no trusted TLS, try again later"


@dataclass(frozen=True, slots=True)
class Target:
    """Where the next hop is and how it is spoken to; see RelaySettings.

    Attributes:
        hello: what we call ourselves in EHLO.
        connect_timeout, timeout, final_timeout: seconds for the connection, a reply, the reply to a message (RFC 5321
            4.5.3.2 asks for 10 minutes there: less makes duplicates).
    """

    host: str
    port: int
    tls: str = "opportunistic"
    ca: str | None = None
    hello: str = "localhost"
    connect_timeout: float = 30.0
    timeout: float = 120.0
    final_timeout: float = 600.0

    @classmethod
    def of(cls, settings: RelaySettings) -> "Target":
        """The target that settings name."""
        host, port = host_port(settings.next_hop, "next_hop")
        return cls(host, port, settings.next_hop_tls, settings.next_hop_ca, settings.hostname or socket.gethostname())


class NextHop:
    """One connection to the next hop, greeted. Every method raises RelayError (4yz) if the connection fails.

    Attributes:
        offer: what its EHLO announced.
        alive: False once it has hung up or said 421.
        encrypted: whether TLS is in use.
    """

    def __init__(self, target: Target, stream: Stream) -> None:
        self.target = target
        self.offer = Offer()
        self.encrypted = False
        self._stream = stream
        self._replies = ReplyReader()
        self._alive = True

    @classmethod
    async def open(cls, target: Target) -> "NextHop":
        """Connect and greet, with TLS as the target asks. Raises RelayError."""
        try:
            return await cls._open(target, tls=target.tls != "off")
        except RelayError:
            if target.tls != "opportunistic":
                raise
        return await cls._open(target, tls=False)

    @classmethod
    async def _open(cls, target: Target, *, tls: bool) -> "NextHop":
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(target.connect_timeout):
                _, stream = await loop.create_connection(Stream, target.host, target.port)
        except (OSError, TimeoutError):
            raise RelayError(421, _AWAY) from None
        hop = cls(target, stream)
        try:
            await hop._greet(tls=tls)
        except BaseException:
            hop.abort()
            raise
        return hop

    @property
    def alive(self) -> bool:
        """Whether it may still be spoken to."""
        return self._alive and not self._stream.ended

    @property
    def quiet(self) -> bool:
        """Whether it is alive and has said nothing unasked (421 before hanging up): safe to begin with after a pause."""
        return self._alive and self._stream.silent

    async def say(self, command: bytes) -> Reply:
        """Send one command, wait for its reply."""
        self._stream.write(command)
        return await self._reply(self.target.timeout)

    async def say_all(self, commands: Sequence[bytes]) -> list[Reply]:
        """Send several commands, at once where PIPELINING is offered (RFC 2920); their replies in order."""
        if "PIPELINING" not in self.offer:
            return [await self.say(command) for command in commands]
        self._stream.write(b"".join(commands))
        return [await self._reply(self.target.timeout) for _ in commands]

    async def data(self, raw: bytes, trace: bytes = b"") -> Reply:
        """DATA and the message with `trace` lines before it; its last reply, or the one that refused DATA."""
        reply = await self.say(b"DATA\r\n")
        if reply.code != 354:
            return reply
        if len(raw) <= _PIECE:
            self._stream.write(trace + stuffed(raw))
        else:
            await self._write_large(trace, raw)
        return await self._reply(self.target.final_timeout)

    async def _write_large(self, trace: bytes, raw: bytes) -> None:
        """In pieces, and stuffed in a thread: a large message must not stop everybody else's."""
        wire = await asyncio.to_thread(stuffed, raw)
        self._stream.write(trace)
        until = asyncio.get_running_loop().time() + self.target.final_timeout
        try:
            for start in range(0, len(wire), _PIECE):
                self._stream.write(wire[start : start + _PIECE])
                await self._stream.drain(until)
        except OSError:
            self.abort()
            raise RelayError(451, _LOST) from None

    def bid_farewell(self) -> None:
        """Say goodbye and hang up without waiting for an answer; never raises."""
        if self.alive:
            self._stream.write(b"QUIT\r\n")
        self._alive = False
        self._stream.close()

    def abort(self) -> None:
        """Hang up at once."""
        self._alive = False
        self._stream.abort()

    async def _greet(self, *, tls: bool) -> None:
        _granted(await self._reply(self.target.timeout))
        await self._hello()
        if tls and "STARTTLS" in self.offer:
            await self._encrypt()
        if self.target.tls == "required" and not self.encrypted:
            raise RelayError(451, _NO_TLS)

    async def _hello(self) -> None:
        name = self.target.hello.encode("ascii", "replace")
        reply = await self.say(b"EHLO %b\r\n" % name)
        if reply.good:
            self.offer = Offer.read(reply)
        else:
            _granted(await self.say(b"HELO %b\r\n" % name))

    async def _encrypt(self) -> None:
        reply = await self.say(b"STARTTLS\r\n")
        if not reply.good:
            return
        try:
            await self._stream.start_tls(_context(self.target.tls == "required", self.target.ca), self.target.host)
        except OSError:
            raise RelayError(451, _NO_TLS) from None
        self._replies = ReplyReader()
        self.encrypted = True
        await self._hello()

    async def _reply(self, timeout: float) -> Reply:  # noqa: ASYNC109 - differs by command
        until = asyncio.get_running_loop().time() + timeout
        try:
            while (reply := self._replies.next()) is None:
                data = await self._stream.read(until)
                if not data:
                    raise ConnectionError
                self._replies.receive(data)
        except (OSError, TimeoutError, PeerError):
            self.abort()
            raise RelayError(451, _LOST) from None
        if reply.code == 421:
            self._alive = False
        return reply


async def send(
    target: Target, raw: bytes, mail_from: Address | None, rcpts: Sequence[Recipient], options: MailOptions | None = None
) -> tuple[Reply, ...]:
    """Hand one message over in its own connection: one reply per recipient, in order, in the next hop's words.

    A recipient refused at RCPT has that refusal; all others share the reply to the message. Raises RelayError if the
    next hop is away or hangs up before it has answered: nothing is known then, try again.
    """
    options = options or MailOptions()
    hop = await NextHop.open(target)
    try:
        lacking = hop.offer.lacking(options, tuple(rcpts))
        if lacking:
            return (Reply.of(f"550 5.6.7 Next hop does not offer {lacking}"),) * len(rcpts)
        return await _transaction(hop, raw, mail_from, rcpts, options)
    finally:
        hop.bid_farewell()


async def _transaction(
    hop: NextHop, raw: bytes, mail_from: Address | None, rcpts: Sequence[Recipient], options: MailOptions
) -> tuple[Reply, ...]:
    path = (mail_from.written or mail_from.spec) if mail_from else ""
    begun = await hop.say(client.mail(path, options, hop.offer, len(raw)))
    if not begun.good:
        return (begun,) * len(rcpts)
    replies = await hop.say_all([client.rcpt(rcpt, hop.offer) for rcpt in rcpts])
    if not any(reply.good for reply in replies):
        return tuple(replies)
    last = await hop.data(raw)
    return tuple(last if reply.good else reply for reply in replies)


def _granted(reply: Reply) -> None:
    """Raise RelayError if the greeting or HELO was refused: for a message, that is a time to wait, not a bounce."""
    if not reply.good:
        raise RelayError(421, f"4.4.1 Next hop refuses to talk: {reply}")


@functools.lru_cache(maxsize=8)
def _context(verify: bool, ca: str | None) -> ssl.SSLContext:  # noqa: FBT001 - a cache key
    context = ssl.create_default_context(cafile=ca)
    if not verify:  # opportunistic TLS (RFC 7435): better encrypted to somebody than in the clear to everybody
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
