"""How uvicorn listens for our pages: nothing of a link is written down, and nobody is waited for long.

An access log would hold the sender's links, which are authority. A client gets ten seconds for a request's head and one
request per connection, so that strangers who send slowly cannot keep the connections of others.
"""

import asyncio

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

AT_ONCE = 256
"""Connections of one listener; more are answered 503."""


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


def config(app: ASGIApp, certificate: str | None = None, key: str | None = None) -> uvicorn.Config:
    """The configuration of a server of one of our applications, on sockets somebody else has bound; HTTPS if certified."""
    return uvicorn.Config(
        app,
        ssl_certfile=certificate,
        ssl_keyfile=key,
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
