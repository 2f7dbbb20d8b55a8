"""The SMTP relay as a whole: who may connect, how many at once, what all sessions share, and how it closes.

relay = await serve_relay(settings.relay, judge, book, House(domains=settings.own, instance=keys.id))
...
await relay.close()
"""

import asyncio
import hashlib
import ipaddress
import socket
import ssl
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Self

from missent.delivery.next_hop import Target
from missent.delivery.stream import Stream
from missent.errors import ConfigError
from missent.gateway.link import Pool
from missent.gateway.log import Record, log_fault
from missent.gateway.ports import House, Judge, Judged
from missent.gateway.remembering import Remembering
from missent.gateway.session import Session
from missent.holds.book import HoldBook
from missent.nouns.envelope import Envelope
from missent.nouns.hold import Hold
from missent.nouns.sighting import Sighting
from missent.settings import RelaySettings, host_port
from missent.smtp.reply import Reply

_WRITERS = 32
"""Threads that wait for the store: as many holds as one group commit may gather."""

_FULL = Reply.of("421 4.3.2 Too many connections, try again later")


class Relay:
    """A listening relay; `serve_relay` makes one.

    Attributes:
        port: the one in use. hostname: how it calls itself. instance: its token in Received lines.
        draining: whether it takes no further messages.
    """

    def __init__(self, settings: RelaySettings, judge: Judge, book: HoldBook, house: House) -> None:
        self.settings = settings
        self.house = house
        self.hostname = settings.hostname or socket.gethostname()
        self.instance = house.instance or hashlib.sha256(f"{self.hostname}|{settings.listen}".encode()).hexdigest()[:12]
        self.pool = Pool(Target.of(settings))
        self.tls = _server_context(settings)
        self.draining = False
        self.port = 0
        self._judge = judge
        self._book = book
        self._allowed = _networks(settings.allowed_clients)
        self._own = _networks(house.networks) or self._allowed
        self._fingerprints = frozenset(print_.replace(":", "").lower() for print_ in settings.allowed_certificates)
        self._threads = ThreadPoolExecutor(_WRITERS, "relay-store")
        self._remembering = Remembering(house.remember, self._threads) if house.remember else None
        self._sessions: dict[asyncio.Task[None], Session] = {}
        self._server: asyncio.Server | None = None

    async def listen(self) -> Self:
        """Begin to take connections. Raises ConfigError if the socket is not to be had."""
        host, port = host_port(self.settings.listen, "listen")
        try:
            self._server = await asyncio.get_running_loop().create_server(lambda: Stream(self._opened), host, port, backlog=512)
        except OSError as error:
            raise ConfigError(f"[relay] listen = {self.settings.listen}: {error.strerror}") from None
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def close(self, grace: float = 30.0) -> None:
        """Take nothing new, let what is under way finish for `grace` seconds, then hang up (421) and return."""
        self.draining = True
        if self._server is not None:
            self._server.close()
        for session in self._sessions.values():
            session.drain()
        if self._sessions:
            await asyncio.wait(self._sessions, timeout=grace)
        for task in tuple(self._sessions):
            task.cancel()
        await asyncio.gather(*self._sessions, return_exceptions=True)
        self.pool.close()
        await asyncio.to_thread(self._threads.shutdown)

    async def judge(self, raw: bytes | None, envelope: Envelope) -> Judged:
        """Ask for a verdict."""
        return await self._judge(raw, envelope)

    async def keep(self, hold: Hold, raw: bytes) -> Hold:
        """Make a hold durable, off the event loop. Raises StoreError."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._book.keep, hold, raw)

    def remember(self, record: Record) -> None:
        """Tell history of what was handed on; the client does not wait for it."""
        sender, rcpts = record.envelope.mail_from, tuple(fate.rcpt.address for fate in record.plan.deliver)
        message = record.judged.message
        if self._remembering is None or sender is None or not rcpts or message is None:
            return
        sighting = Sighting(message.message_id, datetime.now(UTC), sender, rcpts, message.references, message.automatic)
        self._remembering.tell(sighting)

    @property
    def takes_certificates(self) -> bool:
        """Whether a stranger's address may still be let in by its certificate."""
        return self.tls is not None and bool(self._fingerprints)

    def is_allowed(self, ip: str) -> bool:
        """Whether clients at this address may send."""
        return _within(ip, self._allowed)

    def is_own(self, ip: str) -> bool:
        """Whether clients at this address may use our own domains as reverse-path."""
        return _within(ip, self._own)

    def knows_certificate(self, transport: asyncio.BaseTransport) -> bool:
        """Whether the client showed one of the listed certificates."""
        certificate = transport.get_extra_info("ssl_object").getpeercert(binary_form=True)
        return certificate is not None and hashlib.sha256(certificate).hexdigest() in self._fingerprints

    def _opened(self, stream: Stream) -> None:
        if len(self._sessions) >= self.settings.max_connections:
            stream.write(_FULL.encode())
            stream.close()
            return
        session = Session(self, stream)
        task = asyncio.get_running_loop().create_task(session.run())
        self._sessions[task] = session
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._sessions[task]
        if not task.cancelled() and isinstance(error := task.exception(), Exception):
            log_fault(error, "session")


async def serve_relay(settings: RelaySettings, judge: Judge, book: HoldBook, house: House) -> Relay:
    """Start the relay. Raises ConfigError if its socket or certificate files are not to be had."""
    return await Relay(settings, judge, book, house).listen()


_Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]


def _networks(texts: Iterable[str]) -> _Networks:
    return tuple(ipaddress.ip_network(text) for text in texts)


def _within(ip: str, networks: _Networks) -> bool:
    try:
        address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return any((mapped or address) in network for network in networks)


def _server_context(settings: RelaySettings) -> ssl.SSLContext | None:
    if settings.tls_certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(settings.tls_certificate, settings.tls_key)
        if settings.allowed_certificates:
            context.verify_mode = ssl.CERT_OPTIONAL
            context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # `client_ca` may hold the client's own certificate
            context.load_default_certs(ssl.Purpose.CLIENT_AUTH)
            if settings.client_ca is not None:
                context.load_verify_locations(settings.client_ca)
    except OSError as error:
        files = f"tls_certificate, tls_key, client_ca = {settings.tls_certificate}, {settings.tls_key}, {settings.client_ca}"
        raise ConfigError(f"[relay] {files}: {error.strerror or error}") from None
    return context
