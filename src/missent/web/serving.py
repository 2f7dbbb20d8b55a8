"""The listeners, inside a process that has other work: no signal handlers, no access log, no patience.

An access log would write down the sender's links, which are authority. A client gets ten seconds for a request and one
request per connection, so that strangers who send slowly cannot keep the connections of others.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Iterator

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from missent.errors import ConfigError
from missent.settings import host_port

AT_ONCE = 256
"""Connections of one listener; more are answered 503."""


@contextlib.asynccontextmanager
async def serving(listen: str, make: Callable[[int], ASGIApp]) -> AsyncIterator[int]:
    """Serve an application at `host:port` until the block ends; gives the port, which differs from 0 asked for.

    Args:
        listen: as in settings.
        make: the application, given the port.

    Raises:
        ConfigError: nothing can listen there.
    """
    listener = _listener(listen)
    port: int = listener.getsockname()[1]
    server = _Server(_config(make(port)))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield port
    finally:
        server.should_exit = True
        await task


class Impatient(H11Protocol):
    """Hangs up on a client that has not sent a whole request head in time."""

    patience = 10.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has come."""
        super().connection_made(transport)
        self._hurry = self.loop.call_later(self.patience, self._hang_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """It has gone."""
        self._hurry.cancel()
        super().connection_lost(exc)

    def _hang_up(self) -> None:
        if self.conn.their_state is h11.IDLE:
            self.transport.abort()


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the process."""
        yield


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=Impatient,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=AT_ONCE,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=16_384,
        headers=[("connection", "close")],
    )


def _listener(listen: str) -> socket.socket:
    host, port = host_port(listen, "listen")
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise ConfigError(f"nothing can listen at {listen}: {error.strerror}") from None
