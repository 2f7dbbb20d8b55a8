"""Where the milter listens: a UNIX socket by preference; over TCP, acknowledgements that are not held back.

Postfix leaves Nagle's algorithm on; together with delayed acknowledgements it costs 40 ms a message over TCP, none
over a UNIX socket.
"""

import asyncio
import contextlib
import os
import shutil
import socket
import stat
from collections.abc import Callable
from pathlib import Path

from missent.delivery.stream import Stream
from missent.errors import ConfigError
from missent.gateway.sharing import QUEUE, bound, take_part
from missent.settings import MilterSettings

_QUICKACK = getattr(socket, "TCP_QUICKACK", None)  # Linux; elsewhere the UNIX socket is the answer


class QuickStream(Stream):
    """A stream that asks for immediate acknowledgement; the kernel forgets it, so after each packet."""

    def data_received(self, data: bytes) -> None:
        """asyncio: octets came."""
        if _QUICKACK is not None:
            self.transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)
        super().data_received(data)


async def listen(
    settings: MilterSettings, opened: Callable[[Stream], None], shared: socket.socket | None = None
) -> asyncio.Server:
    """Begin to take connections, of `shared` where one is given. Raises ConfigError if the socket is not to be had."""
    kind = QuickStream if settings.listen.startswith("inet:") else Stream
    if shared is not None:
        return await take_part(shared, lambda: kind(opened))
    listening, loop = bind(settings), asyncio.get_running_loop()
    if listening.family == socket.AF_UNIX:
        return await loop.create_unix_server(lambda: kind(opened), sock=listening, backlog=QUEUE)
    return await loop.create_server(lambda: kind(opened), sock=listening, backlog=QUEUE)


def bind(settings: MilterSettings) -> socket.socket:
    """The listening socket. Raises ConfigError if it is not to be had."""
    kind, _, where = settings.listen.partition(":")
    if kind == "inet":
        return bound(where, f"[milter] listen = {settings.listen}")
    try:
        return _unix(Path(where), settings)
    except OSError as error:
        raise ConfigError(f"[milter] listen = {settings.listen}: {error.strerror}") from None


def forget(settings: MilterSettings) -> None:
    """Remove the socket's file."""
    kind, _, where = settings.listen.partition(":")
    if kind == "unix":
        Path(where).unlink(missing_ok=True)


def _unix(path: Path, settings: MilterSettings) -> socket.socket:
    """A socket of that name, its mode and group set before anybody can connect. A dead node's socket is replaced."""
    _clear(path, settings.listen)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        before = os.umask(0o177)
        try:
            listening.bind(str(path))
        finally:
            os.umask(before)
        if settings.socket_group:
            shutil.chown(path, group=settings.socket_group)
        path.chmod(int(settings.socket_mode, 8))
    except LookupError:
        listening.close()
        raise ConfigError(f"[milter] socket_group = {settings.socket_group}: there is no such group") from None
    except OSError:
        listening.close()
        raise
    return listening


def _clear(path: Path, listen: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISSOCK(path.stat().st_mode):
            raise ConfigError(f"[milter] listen = {listen}: there is a file of that name, and it is no socket")
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
            if asking.connect_ex(str(path)) == 0:
                raise ConfigError(f"[milter] listen = {listen}: somebody answers there: is missent already running?")
        path.unlink()
