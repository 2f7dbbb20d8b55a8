"""Messages a second and added latency through the relay, against the same next hop without it.

`python -m bench.relay [--format plain|json] [--rounds N] [--messages N] [--per-connection N]`

Next hop, relay and load generator are processes of their own. Each round sends directly, then through the relay, for each
size; figures are medians over the rounds (processor time: the mean). The relay's judge here delivers everything at once:
what is measured is the mail path, not the checks. Latency runs from MAIL to the last reply, at half the rate the relay
reached at full load.
"""

import argparse
import asyncio
import json
import multiprocessing
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, cast

import structlog

from missent.delivery.stream import Stream
from missent.gateway.ports import House, Judged
from missent.gateway.relay import serve_relay
from missent.holds.book import HoldBook
from missent.message.model import Message
from missent.nouns.action import Action
from missent.nouns.envelope import Envelope
from missent.nouns.verdict import RecipientVerdict, Ruling, Verdict
from missent.settings import RelaySettings
from missent.smtp.data import stuffed
from missent.smtp.reply import ReplyReader
from missent.testing.next_hop import KeepingNextHop, Kept

CONNECTIONS = 10
SIZES = {"5 kB": 5_000, "50 kB": 50_000}
_ENVELOPE = (b"MAIL FROM:<me@own.example>\r\n", b"RCPT TO:<ann@b.example>\r\n", b"DATA\r\n")


@dataclass(frozen=True)
class Run:
    """One run: messages a second, and seconds each message took, sorted."""

    rate: float
    latencies: list[float]

    def percentile(self, share: float) -> float:
        """Seconds that `share` of the messages took at most."""
        return self.latencies[min(int(len(self.latencies) * share), len(self.latencies) - 1)]


def message(size: int) -> bytes:
    line = b"Dear Ann, the papers for the meeting are on their way to you now.\r\n"
    head = b"From: me@own.example\r\nTo: ann@b.example\r\nMessage-ID: <1@own.example>\r\nSubject: papers\r\n\r\n"
    return head + line * ((size - len(head)) // len(line))


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


def relay(pipe: Connection, port: int) -> None:
    """The relay in front of it."""
    ruling = Ruling(Action.DELIVER, "default")

    async def judge(raw: bytes | None, envelope: Envelope) -> Judged:
        rcpts = tuple(RecipientVerdict(rcpt.address, ruling) for rcpt in envelope.rcpts)
        return Judged(Verdict("sha256:0", rcpts), None if raw is None else Message(size=len(raw)))

    async def main() -> None:
        settings = RelaySettings(listen="127.0.0.1:0", next_hop=f"127.0.0.1:{port}", hostname="relay.example")
        nothing_is_held = cast("HoldBook", None)
        running = await serve_relay(settings, judge, nothing_is_held, House())
        await _serve_until_told(pipe, running.port)
        await running.close()

    with open("/dev/null", "w") as nowhere:  # noqa: PTH123 - the line is rendered and written, only not kept
        structlog.configure(
            processors=[structlog.processors.add_log_level, structlog.processors.JSONRenderer()],
            logger_factory=structlog.WriteLoggerFactory(nowhere),
            cache_logger_on_first_use=True,
        )
        asyncio.run(main())


async def _serve_until_told(pipe: Connection, port: int) -> None:
    """Answer "cpu" with the seconds of processor time used so far, end at anything else."""
    pipe.send(port)
    while await asyncio.to_thread(pipe.recv) == "cpu":
        pipe.send(time.process_time())


class Sender:
    """Sends messages one after another over connections of its own."""

    def __init__(self, port: int, wire: bytes, per_connection: int) -> None:
        self.port, self.wire, self.per_connection = port, wire, per_connection

    async def send(self, count: int, wait: Callable[[int], Awaitable[float]]) -> list[float]:
        """Send `count` messages, each when `wait` returns its due time; seconds each took."""
        took: list[float] = []
        for start in range(0, count, self.per_connection):
            _, stream = await asyncio.get_running_loop().create_connection(Stream, "127.0.0.1", self.port)
            replies = ReplyReader()
            await self._say(stream, replies, b"", b"EHLO client.example\r\n")
            for number in range(start, min(start + self.per_connection, count)):
                due = await wait(number)
                await self._say(stream, replies, *_ENVELOPE, self.wire)
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


async def _load(port: int, size: int, messages: int, per_connection: int, rate: float) -> Run:
    sender = Sender(port, stuffed(message(size)), per_connection)
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


def run(port: int, size: int, messages: int, per_connection: int = 1, rate: float = 0.0) -> Run:
    """Send `messages` over ten connections, as fast as they are taken or at `rate` a second."""
    return asyncio.run(_load(port, size, messages, per_connection, rate))


class Stand:
    """Next hop and relay, each a process."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.hop, there = context.Pipe()
        self.processes = [context.Process(target=next_hop, args=(there,), daemon=True)]
        self.processes[0].start()
        self.direct: int = self.hop.recv()
        self.front, there = context.Pipe()
        self.processes.append(context.Process(target=relay, args=(there, self.direct), daemon=True))
        self.processes[1].start()
        self.through: int = self.front.recv()

    def cpu(self) -> float:
        """Seconds of processor time the relay has used."""
        self.front.send("cpu")
        return float(self.front.recv())

    def close(self) -> None:
        """End both."""
        for pipe, process in zip((self.front, self.hop), reversed(self.processes), strict=True):
            pipe.send("stop")
            process.join(5)


def measure(rounds: int, messages: int, per_connection: int) -> list[dict[str, Any]]:
    """All figures, a row for each size."""
    stand = Stand()
    try:
        return [_row(stand, name, rounds, messages, per_connection) for name in SIZES]
    finally:
        stand.close()


def _row(stand: Stand, name: str, rounds: int, messages: int, per_connection: int) -> dict[str, Any]:
    size, ports = SIZES[name], (stand.direct, stand.through)
    for port in ports:  # the first messages pay for imports and caches
        run(port, size, 100, per_connection)
    before = stand.cpu()
    full = [[run(port, size, messages, per_connection) for port in ports] for _ in range(rounds)]
    cpu = (stand.cpu() - before) / (rounds * messages)
    direct, through = (statistics.median(pair[side].rate for pair in full) for side in (0, 1))
    half = [[run(port, size, messages // 2, per_connection, through / 2) for port in ports] for _ in range(rounds)]

    def added(share: float) -> float:
        return round(1000 * statistics.median(pair[1].percentile(share) - pair[0].percentile(share) for pair in half), 2)

    return {
        "size": name,
        "direct_per_s": round(direct),
        "relay_per_s": round(through),
        "ratio": round(statistics.median(pair[1].rate / pair[0].rate for pair in full), 2),
        "relay_cpu_ms": round(1000 * cpu, 2),
        "added_p50_ms": added(0.5),
        "added_p99_ms": added(0.99),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.relay", description=__doc__)
    parser.add_argument("--format", choices=("plain", "json"), default="plain")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--messages", type=int, default=500)
    parser.add_argument("--per-connection", type=int, default=1)
    args = parser.parse_args()
    rows = measure(args.rounds, args.messages, args.per_connection)
    if args.format == "json":
        print(json.dumps({"schema": "missent.bench.relay/1", "connections": CONNECTIONS, "rows": rows}))
        return
    print(f"SMTP relay, {CONNECTIONS} connections, {args.per_connection} message(s) each, medians of {args.rounds} rounds")
    columns = ("size", "direct_per_s", "relay_per_s", "ratio", "relay_cpu_ms", "added_p50_ms", "added_p99_ms")
    print("  ".join(columns))
    for row in rows:
        print("  ".join(str(row[column]).rjust(len(column)) for column in columns))
    print("direct: the same next hop, a Python process too, without the relay. latency at half the relay's rate")


if __name__ == "__main__":
    main()
