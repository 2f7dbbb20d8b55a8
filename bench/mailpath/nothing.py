"""A milter that says CONTINUE, on missent's own protocol layer: what any filter written in Python costs at least."""

import asyncio
import os
import sys

from missent.milter.conversation import Conversation
from missent.milter.events import Abort, Quit


class Nothing(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self.wire = Conversation()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio: the connection stands."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """asyncio: octets came."""
        self.wire.receive(data)
        out = []
        while (event := self.wire.next_event()) is not None:
            if not isinstance(event, Abort | Quit):
                out.append(self.wire.answer())
        if said := self.wire.pending() + b"".join(out):
            self.transport.write(said)


async def serve(path: str) -> None:
    await asyncio.get_running_loop().create_unix_server(Nothing, path)
    os.chmod(path, 0o666)  # noqa: PTH101
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
