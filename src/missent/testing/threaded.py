"""A next hop in a thread of its own, for tests and benchmarks that wait without an event loop."""

import asyncio
import threading

from missent.testing.next_hop import KeepingNextHop


class ThreadedNextHop(threading.Thread):
    """Serves from its making until `end`."""

    def __init__(self, hop: KeepingNextHop | None = None) -> None:
        super().__init__(daemon=True)
        self.hop = hop or KeepingNextHop()
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._up = threading.Event()
        self.start()
        self._up.wait(10)

    def run(self) -> None:
        """threading: serve."""
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    def inbox(self, rcpt: str) -> list[bytes]:
        """Messages a recipient got, oldest first."""
        return [kept.raw for kept in tuple(self.hop.kept) if rcpt in kept.rcpts]

    def end(self) -> None:
        """Hang up and stop."""
        self._loop.call_soon_threadsafe(self._over.set)
        self.join(10)

    async def _serve(self) -> None:
        async with self.hop:
            self._up.set()
            await self._over.wait()
