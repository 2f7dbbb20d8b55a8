"""A web application on one socket of this process, started and stopped with the node."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from missent.errors import ConfigError
from missent.web.listening import config


class _Server(uvicorn.Server):
    """uvicorn, with signals left to the node."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Pages:
    """One listener. Raises ConfigError if its address or its certificate is not to be had.

    Attributes:
        address: host and port in use.
    """

    def __init__(self, app: ASGIApp, address: tuple[str, int], certificate: str | None = None, key: str | None = None) -> None:
        self._socket = _bind(address)
        self.address: tuple[str, int] = self._socket.getsockname()[:2]
        configured = config(app, certificate, key)
        try:
            configured.load()
        except OSError as error:  # an ssl.SSLError is one
            self._socket.close()
            raise ConfigError(f"{certificate}, {key}: no certificate with its key: {error.strerror or error}") from None
        self._server = _Server(configured)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Serve from now on; connections made before wait in the socket's backlog."""
        self._task = asyncio.create_task(self._server.serve([self._socket]))

    async def stop(self) -> None:
        """Finish what is being answered, five seconds at most."""
        self._server.should_exit = True
        if self._task is not None:
            await self._task
        self._socket.close()


def _bind(address: tuple[str, int]) -> socket.socket:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise ConfigError(f"cannot listen on {address[0]}:{address[1]}: {error.strerror}: free it or change `listen`") from None
    return listening
