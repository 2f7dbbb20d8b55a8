"""Processes that take mail beside the first: started, replaced when one dies, told when to stop.

They share the listening sockets, so that a client never waits for a process in particular, and the store, like nodes of
their own. Whatever a process that dies had not answered, its clients send again.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from multiprocessing.process import BaseProcess

import structlog

from missent.gateway import milter_socket, sharing
from missent.serving.taking import Sockets
from missent.settings import Settings

log = structlog.get_logger("missent")

_PATIENCE = 40.0
"""Seconds they may take to finish what is under way; their listeners give it 30."""

_UNHEARD = 255
"""Exit code of a process whose fork server died: it may live on, but nobody would hear of its end."""

_SOON = 1.0
"""Seconds before a dead one is replaced: one that dies at once must not keep the machine busy."""


class Crew:
    """A number of processes.

    Args:
        settings: the node's.
        start: makes and starts one that shares these sockets.
    """

    def __init__(self, settings: Settings, start: Callable[[Sockets], BaseProcess]) -> None:
        self._settings = settings
        self._start = start
        self._sockets: Sockets | None = None
        self._processes: set[BaseProcess] = set()
        self._waiting: set[asyncio.TimerHandle] = set()
        self._stopping = False
        self._gone = asyncio.Event()

    @property
    def pids(self) -> tuple[int, ...]:
        """Of those that run."""
        return tuple(one.pid for one in self._processes if one.pid)

    def open(self) -> None:
        """Bind the sockets and start all. Raises ConfigError if a socket is not to be had."""
        milter = self._settings.milter
        relay = sharing.bound(self._settings.relay.listen, f"[relay] listen = {self._settings.relay.listen}")
        try:
            self._sockets = Sockets(relay, milter_socket.bind(milter) if milter.listen else None)
        except BaseException:
            relay.close()
            raise
        for _ in range(self._settings.serve.workers):
            self._add(self._sockets)

    def tell(self, number: signal.Signals) -> None:
        """Send all of them a signal."""
        for pid in self.pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    async def close(self) -> None:
        """Have them finish what is under way; who takes too long is killed."""
        self._stopping = True
        for timer in self._waiting:
            timer.cancel()
        self.tell(signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while self._processes:
                    self._gone.clear()
                    await self._gone.wait()
        for process in tuple(self._processes):
            process.kill()
            await asyncio.to_thread(process.join)
        if self._sockets is not None:
            self._sockets.relay.close()
            if self._sockets.milter is not None:
                self._sockets.milter.close()
                milter_socket.forget(self._settings.milter)

    def _add(self, sockets: Sockets) -> None:
        process = self._start(sockets)
        self._processes.add(process)
        asyncio.get_running_loop().add_reader(process.sentinel, self._ended, process)

    def _ended(self, process: BaseProcess) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(process.sentinel)
        process.join()
        self._processes.discard(process)
        self._gone.set()
        if process.exitcode == _UNHEARD and process.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGTERM)
        if not self._stopping and self._sockets is not None:
            log.error("a process that takes mail has died, another follows", code=process.exitcode)
            self._waiting = {timer for timer in self._waiting if not timer.cancelled() and timer.when() > loop.time()}
            self._waiting.add(loop.call_later(_SOON, self._add, self._sockets))
