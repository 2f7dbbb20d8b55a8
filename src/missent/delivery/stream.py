"""A byte stream over TCP with back-pressure and STARTTLS, for both halves of SMTP.

Not asyncio's StreamReader: that one cannot forget what came in the clear before a TLS handshake (CVE-2011-0411).
"""

import asyncio
import math
import ssl
from collections.abc import Callable
from typing import cast

_MOST_UNREAD = 1 << 18
"""Octets kept unread before the peer is made to wait."""

_HANDSHAKE_TIMEOUT = 60.0


class Stream(asyncio.Protocol):
    """One connection, used by one task. Deadlines are in the event loop's time and raise TimeoutError.

    A timer for each of the ten waits of a message costs more than the protocol does; so one timer per connection is
    armed at the earliest deadline and, when it fires, looks at what is awaited by then.
    """

    def __init__(self, opened: Callable[["Stream"], None] | None = None) -> None:
        self._opened = opened
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._unread: list[bytes] = []
        self._size = 0
        self._least = 1
        self._ended = False
        self._paused = False
        self._reader: asyncio.Future[None] | None = None
        self._drained: asyncio.Future[None] | None = None
        self._deadline = 0.0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def transport(self) -> asyncio.Transport:
        """The transport in use. Raises ConnectionError before there is one."""
        if self._transport is None:
            raise ConnectionError("not connected")
        return self._transport

    @property
    def ended(self) -> bool:
        """Whether the peer has stopped sending and all it sent was read."""
        return self._ended and not self._unread

    @property
    def silent(self) -> bool:
        """Whether nothing came since the last read, not even the end."""
        return not self._unread and not self._ended

    async def read(self, until: float | None = None, least: int = 1) -> bytes:
        """Whatever came since the last read, waiting for `least` octets of it; less, or b"", only once the peer has stopped.

        To be woken for what is of no use yet costs more than to read it.
        """
        self._least = min(least, _MOST_UNREAD)
        if self._size < self._least and not self._ended:
            self._reader = self._loop.create_future()
            self._watch(math.inf if until is None else until)
            try:
                await self._reader
            finally:
                self._reader = None
        data = self._unread[0] if len(self._unread) == 1 else b"".join(self._unread)
        self._unread.clear()
        self._size = 0
        if self._paused and self._transport:
            self._paused = False
            self._transport.resume_reading()
        return data

    def write(self, data: bytes) -> None:
        """Send; buffered without limit, so follow large or repeated writes with `drain`."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    async def drain(self, until: float | None = None) -> None:
        """Wait until the peer has taken enough of what was written. Raises ConnectionError if it is gone."""
        if self._drained is not None:
            async with asyncio.timeout_at(until):
                await asyncio.shield(self._drained)
        if self._transport is None or self._transport.is_closing():
            raise ConnectionError("connection is closed")

    async def start_tls(self, context: ssl.SSLContext, server_hostname: str | None = None) -> None:
        """Encrypt; as client where `server_hostname` is given, else as server. Whatever came in the clear is forgotten.

        Raises OSError (ssl.SSLError, ConnectionError) if the handshake fails.
        """
        self._unread.clear()
        self._size = 0
        transport = await self._loop.start_tls(
            self.transport,
            self,
            context,
            server_side=server_hostname is None,
            server_hostname=server_hostname,
            ssl_handshake_timeout=_HANDSHAKE_TIMEOUT,
        )
        if transport is None:
            raise ConnectionError("connection was lost during the handshake")
        self._transport = transport

    def close(self) -> None:
        """Send what is buffered and close."""
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio: the connection stands."""
        self._transport = cast("asyncio.Transport", transport)
        if self._opened is not None:
            self._opened(self)

    def data_received(self, data: bytes) -> None:
        """asyncio: octets came."""
        self._unread.append(data)
        self._size += len(data)
        if self._size > _MOST_UNREAD and not self._paused and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()
        if self._size >= self._least:
            self._wake_reader()

    def eof_received(self) -> None:
        """asyncio: the peer stopped sending; the transport closes itself."""
        self._ended = True
        self._wake_reader()

    def connection_lost(self, exc: Exception | None) -> None:
        """asyncio: the connection is gone."""
        self._ended = True
        self._wake_reader()
        self.resume_writing()
        if self._timer is not None:
            self._timer.cancel()

    def pause_writing(self) -> None:
        """asyncio: the peer is slow to take."""
        if self._drained is None:
            self._drained = self._loop.create_future()

    def resume_writing(self) -> None:
        """asyncio: it has taken enough."""
        if self._drained is not None and not self._drained.done():
            self._drained.set_result(None)
        self._drained = None

    def _watch(self, until: float) -> None:
        self._deadline = until
        if until == math.inf:
            return
        if self._timer is not None:
            if self._timer.when() <= until:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(until, self._late)

    def _late(self) -> None:
        self._timer = None
        if self._reader is None or self._reader.done():
            return
        if self._loop.time() < self._deadline:
            self._watch(self._deadline)
        else:
            self._reader.set_exception(TimeoutError())

    def _wake_reader(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)
