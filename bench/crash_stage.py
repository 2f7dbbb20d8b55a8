"""What the crash harness plays on: a real Postfix with missent as its milter, a next hop that counts, a killer, a reviewer."""

import asyncio
import random
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from missent.delivery.next_hop import Target, send
from missent.errors import HoldError, RelayError, StoreError
from missent.holds.book import Decision
from missent.nouns.address import Address
from missent.nouns.envelope import MailOptions, Recipient
from missent.nouns.hold import Hold, State, Step
from missent.store.opened import Store
from missent.testing.next_hop import KeepingNextHop, Kept
from missent.testing.ports import free_port
from missent.testing.process import Served
from missent.testing.threaded import ThreadedNextHop

GOOD, WRONG, SENDER = "joe@army.mil", "jane.doe@army.ml", "alex@mod.example"

_SETTINGS = """
own_domains = ["mod.example"]
observe = false
store = "{store}"
[serve]
workers = {workers}
[relay]
listen = "127.0.0.1:{relay}"
next_hop = "127.0.0.1:{postfix}"
[milter]
listen = "unix:{home}/milter.sock"
socket_mode = "0666"
[console]
listen = "127.0.0.1:{console}"
[public]
listen = "127.0.0.1:{public}"
"""
_NUMBER = re.compile(rb"^Message-ID: <(\d+)@mod\.example>", re.MULTILINE)
_MESSAGE = (
    "From: Alex <alex@mod.example>\r\nTo: {to}\r\nMessage-ID: <{number}@mod.example>\r\n"
    "Date: Mon, 23 Nov 2026 12:00:00 +0000\r\nSubject: {number}\r\n\r\nMessage {number}\r\n"
)


def rcpts_of(number: int) -> tuple[str, ...]:
    """Whom a numbered message is for: every second one for a wrong address, too, every tenth for that one alone."""
    if number % 10 == 0:
        return (WRONG,)
    return (GOOD, WRONG) if number % 2 == 0 else (GOOD,)


def decision_on(number: int) -> Step | None:
    """What the reviewer does with the wrong copy of a message: a third each is released, returned, left."""
    return (Step.RELEASE, Step.RETURN, None)[number // 2 % 3]


def node(home: Path, store: str, ports: tuple[int, int], workers: int) -> Served:
    """missent, not yet started. `ports`: of its relay, and of its next hop."""
    relay, postfix = ports
    others = {name: free_port() for name in ("console", "public")}
    config = home / "missent.toml"
    config.write_text(_SETTINGS.format(home=home, store=store, postfix=postfix, workers=workers, relay=relay, **others))
    return Served(config, relay, home / "milter.sock")


class Counting(ThreadedNextHop):
    """The next hop behind Postfix.

    Attributes:
        delivered: how often each (number, recipient) came. letters: to the sender, by their kind.
    """

    def __init__(self) -> None:
        self.delivered: Counter[tuple[int, str]] = Counter()
        self.letters: Counter[str] = Counter()
        super().__init__(KeepingNextHop(on_kept=self._count))

    def _count(self, kept: Kept) -> None:
        if kept.rcpts == (SENDER,):
            self.letters["report" if b"multipart/report" in kept.raw else "question"] += 1
        elif found := _NUMBER.search(kept.raw):
            self.delivered.update((int(found[1]), rcpt) for rcpt in kept.rcpts)
        self.hop.kept.clear()


@dataclass
class Pace:
    """So that every kill falls into mail under way: messages may run ahead of the kills by one share only."""

    messages: int
    kills: int
    accepted: int = 0
    killed: int = 0

    def may(self, number: int) -> bool:
        """Whether a message may be sent by now."""
        return number < self.messages * (self.killed + 1) / (self.kills + 1)

    def due(self, within: float) -> bool:
        """Whether the next kill may come, `within` 0-1 of its share."""
        return self.accepted >= self.messages * (self.killed + within) / (self.kills + 1)


@dataclass
class Clients:
    """Send all messages as mail servers do: each recipient is tried until it is taken."""

    port: int
    pace: Pace
    deferred: Counter[int] = field(default_factory=Counter)

    async def run(self, sessions: int) -> None:
        """Send them in so many sessions at a time."""
        numbers = iter(range(self.pace.messages))
        await asyncio.gather(*(self._session(numbers) for _ in range(sessions)))

    async def _session(self, numbers: Iterator[int]) -> None:
        for number in numbers:
            while not self.pace.may(number):  # noqa: ASYNC110 - another thread kills
                await asyncio.sleep(0.01)
            await self._until_taken(number)
            self.pace.accepted += 1

    async def _until_taken(self, number: int) -> None:
        target, waiting = Target("127.0.0.1", self.port, "off"), list(rcpts_of(number))
        raw = _MESSAGE.format(number=number, to=", ".join(waiting)).encode()
        while waiting:
            rcpts = [Recipient(Address.parse(rcpt)) for rcpt in waiting]
            with suppress(RelayError):
                replies = await send(target, raw, Address.parse(SENDER), rcpts, MailOptions())
                self.deferred.update(reply.code for reply in replies if not reply.good)
                waiting = [rcpt for rcpt, reply in zip(waiting, replies, strict=True) if not reply.good]
            if waiting:
                await asyncio.sleep(random.uniform(0.05, 0.3))


class Victim(NamedTuple):
    """What is killed: how, and how it is started again."""

    kill: Callable[[], object]
    start: Callable[[], object]


class Killer(threading.Thread):
    """Kills something (SIGKILL) at random moments of its work, and starts it again at once."""

    def __init__(self, victim: Victim, pace: Pace, seed: int) -> None:
        super().__init__(daemon=True)
        self._victim, self._pace, self._random = victim, pace, random.Random(seed)
        self.fault: Exception | None = None

    def run(self) -> None:
        """Until as many kills as wanted."""
        pause = threading.Event()
        try:
            while self._pace.killed < self._pace.kills:
                within = self._random.random()
                while not self._pace.due(within):
                    pause.wait(0.005)
                pause.wait(self._random.uniform(0, 0.05))
                self._victim.kill()
                self._pace.killed += 1
                self._victim.start()
        except Exception as error:  # noqa: BLE001 - told at the end
            self.fault, self._pace.killed = error, self._pace.kills


class Reviewer(threading.Thread):
    """Decides on held copies while all this goes on, as a second process on the same store."""

    def __init__(self, store: Store) -> None:
        super().__init__(daemon=True)
        self._store, self._over = store, threading.Event()

    def run(self) -> None:
        """Until told to stop."""
        while not self._over.wait(0.5):
            self.once()

    def once(self) -> None:
        """Decide on what is held now."""
        with suppress(StoreError):
            for hold in self._store.holds.find(State.HELD, limit=300):
                step = decision_on(int(hold.message_id.partition("@")[0]))
                for copy in hold.copies if step else ():
                    self._decide(hold, copy.id, step)  # type: ignore[arg-type]

    def _decide(self, hold: Hold, copy: int, step: Step) -> None:
        with suppress(HoldError):
            self._store.holds.decide(Decision(hold.id, copy, step, "console", datetime.now(UTC), reason="harness"))

    def stop(self) -> None:
        """Decide once more on everything, then end."""
        self._over.set()
        self.join()
