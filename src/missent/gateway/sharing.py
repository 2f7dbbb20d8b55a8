"""One listening socket, several processes: each takes a connection when it has time for it, and the kernel keeps the queue."""

import asyncio
import os
import socket
from collections.abc import Callable

from missent.errors import ConfigError
from missent.settings import host_port

QUEUE = 512
"""Connections the kernel keeps for us until one of us takes them."""


def bound(listen: str, key: str) -> socket.socket:
    """A listening socket at `host:port`. Raises ConfigError, which begins with `key`, if it is not to be had."""
    host, port = host_port(listen, "listen")
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address[:2], family=family, backlog=QUEUE)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise ConfigError(f"{key}: {why}") from None


async def take_part(shared: socket.socket, protocol: Callable[[], asyncio.Protocol]) -> asyncio.Server:
    """Take connections of a socket that others listen on, too; one at a time, so that no process takes all there are."""
    loop = asyncio.get_running_loop()
    if shared.family == socket.AF_UNIX:
        server = await loop.create_unix_server(protocol, sock=shared, backlog=1)
    else:
        server = await loop.create_server(protocol, sock=shared, backlog=1)
    shared.listen(QUEUE)  # asyncio's backlog is how many it takes at once, and the kernel's queue, in one
    return server
