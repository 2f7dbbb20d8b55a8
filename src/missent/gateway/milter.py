"""The milter as a whole: where it listens, what its sessions share, how it closes.

milter = await serve_milter(settings.milter, judge, book, House(domains=settings.own, networks=("10.0.0.0/8",)))
...
await milter.close()
"""

import asyncio
import socket
from typing import Self

from missent.delivery.stream import Stream
from missent.gateway import milter_socket
from missent.gateway.log import log_fault
from missent.gateway.milter_session import MilterSession
from missent.gateway.ports import House, Judge
from missent.gateway.station import Station, networks, within
from missent.holds.book import HoldBook
from missent.settings import MilterSettings


class Milter:
    """A listening milter; `serve_milter` makes one.

    Attributes:
        port: the one in use; 0 for a UNIX socket.
        progress_every: seconds between two signs of life while a verdict takes its time; Postfix waits 30 s for the
            answer to a command (`milter_command_timeout`).
        draining: whether it takes no further messages.
    """

    def __init__(self, settings: MilterSettings, judge: Judge, book: HoldBook, house: House) -> None:
        self.settings = settings
        self.station = Station(judge, book, house)
        self.progress_every = 5.0
        self.draining = False
        self.port = 0
        self.time = asyncio.get_running_loop().time
        self._own = networks(house.networks)
        self._sessions: dict[asyncio.Task[None], MilterSession] = {}
        self._server: asyncio.Server | None = None
        self._shared = False

    async def listen(self, shared: socket.socket | None = None) -> Self:
        """Begin to take connections, of a socket that other processes share if one is given.

        Raises ConfigError if the socket is not to be had.
        """
        self._shared = shared is not None
        self._server = await milter_socket.listen(self.settings, self._opened, shared)
        name = self._server.sockets[0].getsockname()
        self.port = name[1] if isinstance(name, tuple) else 0
        return self

    async def close(self, grace: float = 30.0) -> None:
        """Take nothing new, let messages under way finish for `grace` seconds, then hang up and return.

        A mail server that finds nobody answers its client 451 (`milter_default_action = tempfail`).
        """
        self.draining = True
        if self._server is not None:
            self._server.close()
            if not self._shared:
                milter_socket.forget(self.settings)
        for session in self._sessions.values():
            session.drain()
        if self._sessions:
            await asyncio.wait(self._sessions, timeout=grace)
        for task in tuple(self._sessions):
            task.cancel()
        await asyncio.gather(*self._sessions, return_exceptions=True)
        await self.station.close()

    def adopt(self, house: House) -> None:
        """Take up a changed house for the messages to come."""
        self.station.adopt(house)
        self._own = networks(house.networks)

    def is_own(self, ip: str) -> bool:
        """Whether clients at this address are our own."""
        return within(ip, self._own)

    def _opened(self, stream: Stream) -> None:
        if self.draining or len(self._sessions) >= self.settings.max_connections:
            stream.close()  # the mail server defers its client's mail
            return
        session = MilterSession(self, stream)
        task = asyncio.get_running_loop().create_task(session.run())
        self._sessions[task] = session
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._sessions[task]
        if not task.cancelled() and isinstance(error := task.exception(), Exception):
            log_fault(error, "milter session")


async def serve_milter(
    settings: MilterSettings, judge: Judge, book: HoldBook, house: House, shared: socket.socket | None = None
) -> Milter:
    """Start the milter. Raises ConfigError if its socket is not to be had."""
    return await Milter(settings, judge, book, house).listen(shared)
