"""Messages a second and added latency through the relay, against the same next hop without it.

`python -m bench.relay [--format plain|json] [--rounds N] [--messages N] [--per-connection N]`

Next hop, relays and load generator are processes of their own. Each round sends directly, then through a relay whose judge
delivers everything unseen (the mail path alone), then through one that reads, judges and remembers every message with the
packaged policy and a store on disk. Figures are medians over the rounds, ratios over pairs of one round (processor time:
the mean). Latency runs from MAIL to the last reply, at half the rate that relay reached at full load.
"""

import argparse
import asyncio
import json
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any, cast

import structlog

from missent.delivery.stream import Stream
from missent.gateway.ports import House, Judge, Judged
from missent.gateway.relay import serve_relay
from missent.holds.book import HoldBook
from missent.judging import Judging
from missent.message.model import Message
from missent.nouns.action import Action
from missent.nouns.envelope import Envelope
from missent.nouns.verdict import RecipientVerdict, Ruling, Verdict
from missent.policy.reading import default_policy
from missent.reading.opener import Opener
from missent.recipients.names import Names
from missent.serving.off_loop import OffLoopJudge
from missent.settings import RelaySettings
from missent.smtp.data import stuffed
from missent.smtp.reply import ReplyReader
from missent.store import open_store
from missent.store.keys import fresh
from missent.testing.next_hop import KeepingNextHop, Kept

CONNECTIONS = 10
SIZES = {"5 kB": 5_000, "50 kB": 50_000}


@dataclass(frozen=True)
class Letter:
    """What is sent: sender, recipient, message. Its `<1@` becomes another with each copy."""

    sender: str
    rcpt: str
    octets: bytes

    @property
    def commands(self) -> tuple[bytes, ...]:
        """Its envelope as SMTP says it."""
        return (f"MAIL FROM:<{self.sender}>\r\n".encode(), f"RCPT TO:<{self.rcpt}>\r\n".encode(), b"DATA\r\n")


@dataclass(frozen=True)
class Run:
    """One run: messages a second, and seconds each message took, sorted."""

    rate: float
    latencies: list[float]

    def percentile(self, share: float) -> float:
        """Seconds that `share` of the messages took at most."""
        return self.latencies[min(int(len(self.latencies) * share), len(self.latencies) - 1)]


def letter(size: int) -> Letter:
    line = b"Dear Ann, the papers for the meeting are on their way to you now.\r\n"
    head = b"From: me@own.example\r\nTo: ann@state.gov\r\nMessage-ID: <1@own.example>\r\nSubject: papers\r\n\r\n"
    return Letter("me@own.example", "ann@state.gov", head + line * ((size - len(head)) // len(line)))


def next_hop(pipe: Connection) -> None:
    """A next hop that forgets what it accepts."""

    def forget(_: Kept) -> None:
        hop.kept.clear()
        hop.commands.clear()

    hop = KeepingNextHop(on_kept=forget)

    async def main() -> None:
        async with hop:
            await _serve_until_told(pipe, hop.port)

    asyncio.run(main())


def bare_relay(pipe: Connection, port: int) -> None:
    """A relay whose judge looks at nothing."""
    ruling = Ruling(Action.DELIVER, "default")

    async def judge(raw: bytes | None, envelope: Envelope) -> Judged:
        rcpts = tuple(RecipientVerdict(rcpt.address, ruling) for rcpt in envelope.rcpts)
        return Judged(Verdict("sha256:0", rcpts), None if raw is None else Message(size=len(raw)))

    nothing_is_held = cast("HoldBook", None)
    asyncio.run(_relay(pipe, port, judge, nothing_is_held, House()))


def judging_relay(pipe: Connection, port: int) -> None:
    """A relay that does all that `missent serve` does with a message."""
    own = frozenset({"own.example"})
    with tempfile.TemporaryDirectory() as folder, open_store(f"sqlite:///{folder}/missent.db", fresh(), own=own) as store:
        judging = Judging(own, Names(own), store.history, default_policy(), time.perf_counter)
        at_once = store.prompt.known if store.prompt else None
        judge = OffLoopJudge(judging, 30.0, lambda: datetime.now(UTC), Opener(), at_once)
        judge.warm()
        house = House(own, remember=store.history.learn)
        asyncio.run(_relay(pipe, port, judge, store.holds, house))
        judge.close()


async def _relay(pipe: Connection, port: int, judge: Judge, book: HoldBook, house: House) -> None:
    with open("/dev/null", "w") as nowhere:  # noqa: PTH123, ASYNC230 - the log line is rendered and written, only not kept
        structlog.configure(
            processors=[structlog.processors.add_log_level, structlog.processors.JSONRenderer()],
            logger_factory=structlog.WriteLoggerFactory(nowhere),
            cache_logger_on_first_use=True,
        )
        settings = RelaySettings(listen="127.0.0.1:0", next_hop=f"127.0.0.1:{port}", hostname="relay.example")
        running = await serve_relay(settings, judge, book, house)
        await _serve_until_told(pipe, running.port)
        await running.close()


async def _serve_until_told(pipe: Connection, port: int) -> None:
    """Answer "cpu" with the seconds of processor time used so far, end at anything else."""
    pipe.send(port)
    while await asyncio.to_thread(pipe.recv) == "cpu":
        pipe.send(time.process_time())


class Sender:
    """Sends messages one after another over connections of its own."""

    def __init__(self, port: int, letter: Letter, per_connection: int) -> None:
        self.port, self.letter, self.per_connection = port, letter, per_connection
        self.wire = stuffed(letter.octets)

    async def send(self, count: int, wait: Callable[[int], Awaitable[float]]) -> list[float]:
        """Send `count` messages, each when `wait` returns its due time; seconds each took."""
        took: list[float] = []
        for start in range(0, count, self.per_connection):
            _, stream = await asyncio.get_running_loop().create_connection(Stream, "127.0.0.1", self.port)
            replies = ReplyReader()
            await self._say(stream, replies, b"", b"EHLO client.example\r\n")
            for number in range(start, min(start + self.per_connection, count)):
                due = await wait(number)
                number_of_its_own = b"<%d.%d@" % (time.time_ns(), number)
                await self._say(stream, replies, *self.letter.commands, self.wire.replace(b"<1@", number_of_its_own, 1))
                took.append(time.perf_counter() - due)
            await self._say(stream, replies, b"QUIT\r\n")
            stream.close()
        return took

    async def _say(self, stream: Stream, replies: ReplyReader, *commands: bytes) -> None:
        for command in commands:
            stream.write(command)
            while (reply := replies.next()) is None:
                data = await stream.read()
                if not data:
                    raise ConnectionError("hung up")
                replies.receive(data)
            if not reply.good:
                raise RuntimeError(str(reply))


async def _load(port: int, letter: Letter, messages: int, per_connection: int, rate: float) -> Run:
    sender = Sender(port, letter, per_connection)
    share = messages // CONNECTIONS
    began = time.perf_counter()

    def paced(lane: int) -> Callable[[int], Awaitable[float]]:
        async def wait(number: int) -> float:
            if not rate:
                return time.perf_counter()
            due = began + (number * CONNECTIONS + lane) / rate
            await asyncio.sleep(due - time.perf_counter())
            return max(due, time.perf_counter())

        return wait

    took = await asyncio.gather(*(sender.send(share, paced(lane)) for lane in range(CONNECTIONS)))
    return Run(share * CONNECTIONS / (time.perf_counter() - began), sorted(seconds for lane in took for seconds in lane))


def run(port: int, letter: Letter, messages: int, per_connection: int = 1, rate: float = 0.0) -> Run:
    """Send `messages` over ten connections, as fast as they are taken or at `rate` a second."""
    return asyncio.run(_load(port, letter, messages, per_connection, rate))


class Stand:
    """Next hop and relays, each a process; `ports` by name, "direct" is the next hop's."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._pipes: dict[str, Connection] = {}
        self.ports: dict[str, int] = {}
        self._start("direct", next_hop)
        for name, target in RELAYS.items():
            self._start(name, target, self.ports["direct"])

    def _start(self, name: str, target: Callable[..., None], *port: int) -> None:
        here, there = self._context.Pipe()
        self._context.Process(target=target, args=(there, *port), daemon=True).start()
        self._pipes[name], self.ports[name] = here, here.recv()

    def cpu(self, name: str) -> float:
        """Seconds of processor time one of them has used."""
        self._pipes[name].send("cpu")
        return float(self._pipes[name].recv())

    def close(self) -> None:
        """End all, the next hop last."""
        for pipe in reversed(self._pipes.values()):
            pipe.send("stop")
        for process in multiprocessing.active_children():
            process.join(10)


RELAYS = {"relay": bare_relay, "relay+judging": judging_relay}


def measure(rounds: int, messages: int, per_connection: int) -> list[dict[str, Any]]:
    """All figures, a row for each size and relay."""
    stand = Stand()
    try:
        return [row for size in SIZES for row in _rows(stand, size, rounds, messages, per_connection)]
    finally:
        stand.close()


def _rows(stand: Stand, name: str, rounds: int, messages: int, per_connection: int) -> list[dict[str, Any]]:
    one = letter(SIZES[name])
    for port in stand.ports.values():  # the first messages pay for imports and caches
        run(port, one, 100, per_connection)
    before = {path: stand.cpu(path) for path in RELAYS}
    full = [{path: run(port, one, messages, per_connection) for path, port in stand.ports.items()} for _ in range(rounds)]
    rows = []
    for path in RELAYS:
        rate = statistics.median(turn[path].rate for turn in full)
        cpu = (stand.cpu(path) - before[path]) / (rounds * messages)
        pair = {"direct": stand.ports["direct"], path: stand.ports[path]}
        half = [{p: run(port, one, messages // 2, per_connection, rate / 2) for p, port in pair.items()} for _ in range(rounds)]
        row: dict[str, Any] = {"size": name, "path": path, "direct_per_s": round(_median(t["direct"].rate for t in full))}
        row |= {"per_s": round(rate), "ratio": round(_median(t[path].rate / t["direct"].rate for t in full), 2)}
        row["cpu_ms"] = round(1000 * cpu, 2)
        for share in (0.5, 0.99):
            added = _median(t[path].percentile(share) - t["direct"].percentile(share) for t in half)
            row[f"added_p{round(share * 100)}_ms"] = round(1000 * added, 2)
        rows.append(row)
    return rows


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.relay", description=__doc__)
    parser.add_argument("--format", choices=("plain", "json"), default="plain")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--messages", type=int, default=300)
    parser.add_argument("--per-connection", type=int, default=1)
    args = parser.parse_args()
    rows = measure(args.rounds, args.messages, args.per_connection)
    if args.format == "json":
        print(json.dumps({"schema": "missent.bench.relay/1", "connections": CONNECTIONS, "rows": rows}))
        return
    print(f"SMTP relay, {CONNECTIONS} connections, {args.per_connection} message(s) each, medians of {args.rounds} rounds")
    widths = {column: max(len(column), *(len(str(row[column])) for row in rows)) for column in rows[0]}
    print("  ".join(column.rjust(width) for column, width in widths.items()))
    for row in rows:
        print("  ".join(str(row[column]).rjust(width) for column, width in widths.items()))
    print("direct: the same next hop, a Python process too; cpu: the relay's own a message; latency at half the relay's rate")


if __name__ == "__main__":
    main()
