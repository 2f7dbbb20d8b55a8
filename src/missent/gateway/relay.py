"""The SMTP relay as a whole: who may connect, how many at once, what all sessions share, and how it closes.

relay = await serve_relay(settings.relay, judge, book, House(domains=settings.own, instance=keys.id))
...
await relay.close()
"""

import asyncio
import hashlib
import socket
import ssl
from dataclasses import replace
from typing import Any, Self

from missent.delivery.next_hop import Target
from missent.delivery.stream import Stream
from missent.errors import ConfigError
from missent.gateway import connectors
from missent.gateway.link import Pool
from missent.gateway.log import log_fault
from missent.gateway.ports import House, Judge
from missent.gateway.session import Session
from missent.gateway.sharing import take_part
from missent.gateway.station import Station, networks, within
from missent.holds.book import HoldBook
from missent.nouns.envelope import Client
from missent.settings import RelaySettings, host_port
from missent.smtp.reply import Reply

_FULL = Reply.of("421 4.3.2 Too many connections, try again later")


class Relay:
    """A listening relay; `serve_relay` makes one.

    Attributes:
        port: the one in use. hostname: how it calls itself. instance: its token in Received lines.
        draining: whether it takes no further messages.
    """

    def __init__(self, settings: RelaySettings, judge: Judge, book: HoldBook, house: House) -> None:
        self.settings = settings
        self.station = Station(judge, book, house)
        self.hostname = settings.hostname or socket.gethostname()
        self.instance = house.instance or hashlib.sha256(f"{self.hostname}|{settings.listen}".encode()).hexdigest()[:12]
        self.pool = Pool(Target.of(settings))
        self.draining = False
        self.port = 0
        self.adopt(settings, house)
        self._sessions: dict[asyncio.Task[None], Session] = {}
        self._server: asyncio.Server | None = None

    def adopt(self, settings: RelaySettings, house: House) -> None:
        """Take up who may send, and the certificate files anew. Raises ConfigError if these are not to be had: all stays."""
        self.tls = _server_context(settings, certificates=bool(settings.allowed_certificates or house.connectors))
        self.station.adopt(house)
        self._allowed = networks(settings.allowed_clients)
        self._own = networks(house.networks) or self._allowed
        self._fingerprints = frozenset(print_.replace(":", "").lower() for print_ in settings.allowed_certificates)

    async def listen(self, shared: socket.socket | None = None) -> Self:
        """Begin to take connections, of a socket that other processes share if one is given.

        Raises ConfigError if the socket is not to be had.
        """
        if shared is not None:
            self._server = await take_part(shared, lambda: Stream(self._opened))
            self.port = shared.getsockname()[1]
            return self
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
        await self.station.close()

    @property
    def takes_certificates(self) -> bool:
        """Whether a stranger's address may still be let in by its certificate."""
        return self.tls is not None and bool(self._fingerprints or self.station.house.connectors)

    def is_allowed(self, ip: str) -> bool:
        """Whether clients at this address may send."""
        return within(ip, self._allowed)

    def is_own(self, ip: str) -> bool:
        """Whether clients at this address may use our own domains as reverse-path."""
        return within(ip, self._own)

    def admitted(self, client: Client, transport: asyncio.BaseTransport) -> Client | None:
        """The client with the certificate it showed; own if that is listed, None if it is neither that nor a connector's."""
        client = replace(client, certificate=_names(transport.get_extra_info("ssl_object")))
        if any(f"sha256:{print_}" in client.certificate for print_ in self._fingerprints):
            return replace(client, own=True)
        return client if connectors.shown(client, self.station.house.connectors) else None

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


async def serve_relay(
    settings: RelaySettings, judge: Judge, book: HoldBook, house: House, shared: socket.socket | None = None
) -> Relay:
    """Start the relay. Raises ConfigError if its socket or certificate files are not to be had."""
    return await Relay(settings, judge, book, house).listen(shared)


def _names(connection: ssl.SSLObject) -> frozenset[str]:
    """Names in a client's verified certificate, and its fingerprint; none without one."""
    certificate: Any = connection.getpeercert()
    octets = connection.getpeercert(binary_form=True)
    if not certificate or octets is None:
        return frozenset()
    subject = [value for part in certificate.get("subject", ()) for key, value in part if key == "commonName"]
    others = [value for kind, value in certificate.get("subjectAltName", ()) if kind == "DNS"]
    return frozenset(str(name).lower() for name in (*subject, *others, f"sha256:{hashlib.sha256(octets).hexdigest()}"))


def _server_context(settings: RelaySettings, *, certificates: bool) -> ssl.SSLContext | None:
    if settings.tls_certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(settings.tls_certificate, settings.tls_key)
        if certificates:
            context.verify_mode = ssl.CERT_OPTIONAL
            context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # `client_ca` may hold the client's own certificate
            context.load_default_certs(ssl.Purpose.CLIENT_AUTH)
            if settings.client_ca is not None:
                context.load_verify_locations(settings.client_ca)
    except OSError as error:
        files = f"tls_certificate, tls_key, client_ca = {settings.tls_certificate}, {settings.tls_key}, {settings.client_ca}"
        raise ConfigError(f"[relay] {files}: {error.strerror or error}") from None
    return context
