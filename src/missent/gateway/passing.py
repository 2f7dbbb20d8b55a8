"""Whether a message that comes is a copy missent itself has let go: its pass is read and spent, or it is judged like any other.

A pass is spent before the message goes on, durably: of two bearers of one pass, one passes. Whoever could not go on gives
it back, so that a mail server's next try passes; a crash in between leaves it spent, and the next try is judged.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from missent.gateway.ports import PassBook
from missent.holds import passes
from missent.holds.passes import Arrival
from missent.nouns.envelope import Envelope

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a message showed.

    Attributes:
        id: of a pass that we made; "" if there was none. A message that bears one and is not admitted is a hold of its own,
            never joined with the one its copy was let go from: else it would count as decided, and be nowhere.
        admitted: whether it goes on unjudged.
    """

    id: str = ""
    admitted: bool = False


NOTHING = Shown()


class Passing:
    """Asks the book of passes, in threads. Every method raises StoreError where the store is away."""

    def __init__(self, book: PassBook | None, threads: Executor) -> None:
        self._book = book
        self._threads = threads

    async def look(self, arrival: Arrival, envelope: Envelope) -> Shown:
        """Read and spend the pass of a message."""
        if self._book is None or not arrival.values:
            return NOTHING
        key, now = self._book.pass_key, datetime.now(UTC)
        shown = await self._off_loop(passes.read, key, arrival)
        if shown is None:
            return NOTHING
        if len(envelope.rcpts) != 1:
            return Shown(shown.id)
        people = (envelope.mail_from, envelope.rcpts[0].address)
        if not await self._off_loop(passes.fits, key, shown, arrival, people, now):
            return Shown(shown.id)
        return Shown(shown.id, admitted=await self._off_loop(self._book.spend_pass, shown.id, shown.expires, now))

    async def give_back(self, shown: Shown) -> None:
        """The message did not go on after all."""
        if self._book is not None:
            await self._off_loop(self._book.give_back_pass, shown.id)

    async def _off_loop(self, function: Callable[..., T], *args: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *args)
