"""What a supervisor such as systemd is told: ready, reloading, stopping, alive (sd_notify(3)). Where nobody asked, nothing."""

import asyncio
import contextlib
import socket
from collections.abc import Mapping
from typing import Self

READY = "READY=1"
RELOADING = "RELOADING=1"
STOPPING = "STOPPING=1"
ALIVE = "WATCHDOG=1"


class Supervisor:
    """One way to whoever started us.

    Args:
        path: of the datagram socket (`NOTIFY_SOCKET`); a leading `@` is Linux's abstract namespace, "" tells nobody.
        patience: seconds within which it wants a sign of life (`WATCHDOG_USEC`); 0 for none.
    """

    def __init__(self, path: str = "", patience: float = 0.0) -> None:
        self._path = f"\0{path[1:]}" if path.startswith("@") else path
        self._patience = patience

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """The one that an environment names."""
        micros = environment.get("WATCHDOG_USEC", "")
        return cls(environment.get("NOTIFY_SOCKET", ""), int(micros) / 1e6 if micros.isdigit() else 0.0)

    def tell(self, *states: str) -> None:
        """Say something. A supervisor that does not listen is no reason to stop."""
        if not self._path:
            return
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as one:
            one.sendto("\n".join(states).encode(), self._path)

    async def keep_alive(self) -> None:
        """Give signs of life twice as often as is wanted, as long as the event loop runs. Ends when cancelled."""
        while self._path and self._patience:
            self.tell(ALIVE)
            await asyncio.sleep(self._patience / 2)
