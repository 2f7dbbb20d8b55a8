"""What is measured: ratios over pairs, processor time, latency at half load, memory."""

import random
import statistics
from collections.abc import Callable
from typing import Any

from bench import relay
from bench.mailpath.filters import ALONE, MISSENT, NOTHING, Filter
from bench.mailpath.message import RCPT, SENDER
from bench.mailpath.stand import Stand

Row = dict[str, Any]
Told = Callable[[str], None]


def throughput(stand: Stand, size: str, pairs: int, messages: int, told: Told) -> list[Row]:
    """A row for each filter: each of its runs follows its own run without one, filters in a new order in each round."""
    stand.try_out(size, messages // 4)
    runs: dict[str, list[tuple[float, float, float]]] = {one.name: [] for one in stand.filters}
    for number in range(pairs):
        told(f"{size}: round {number + 1} of {pairs}")
        for one in random.sample(stand.filters, len(stand.filters)):
            base = stand.accepted(size, messages, RCPT) if one.held else stand.send(ALONE, size, messages)
            before = stand.cpu(one)
            rate = stand.send(one, size, messages)
            runs[one.name].append((rate / base, rate, (stand.cpu(one) - before) / messages * 1000))
    rows = [_row(one, size, runs[one.name]) for one in stand.filters]
    nothing = next((row["of_alone"] for row in rows if row["filter"] == NOTHING.name), None)
    missent = next((row["of_alone"] for row in rows if row["filter"] == MISSENT.name), None)
    for row in rows:
        row["of_nothing"] = round(row["of_alone"] / nothing, 2) if nothing and not row["held"] else None
        row["missent_is"] = round(missent / row["of_alone"], 2) if missent and not row.pop("held") else None
    return rows


def _row(one: Filter, size: str, runs: list[tuple[float, float, float]]) -> Row:
    ratios, rates, cpus = zip(*runs, strict=True)
    spread = sorted(ratios)
    return {
        "size": size,
        "filter": one.name,
        "of_alone": round(statistics.median(ratios), 2),
        "from": round(spread[0], 2),
        "to": round(spread[-1], 2),
        "per_s": round(statistics.median(rates)),
        "cpu_ms": round(statistics.median(cpus), 2),
        "held": one.held,
    }


def latency(stand: Stand, size: str, rate: float, messages: int, rounds: int) -> Row:
    """Milliseconds that missent adds from MAIL to the last reply, at `rate` messages a second; medians over the rounds."""
    added: dict[str, list[float]] = {"p50": [], "p99": []}
    letter = relay.Letter(SENDER, RCPT, stand.files[size].read_bytes().replace(b"\n", b"\r\n"))
    messages = min(messages, max(100, int(rate * 20)))  # a busy machine is given twenty seconds a run
    for _ in range(rounds):
        alone, through = (relay.run(stand.ports[one.name], letter, messages, rate=rate) for one in (ALONE, MISSENT))
        added["p50"].append(through.percentile(0.5) - alone.percentile(0.5))
        added["p99"].append(through.percentile(0.99) - alone.percentile(0.99))
    medians = {f"added_{name}_ms": round(statistics.median(values) * 1000, 2) for name, values in added.items()}
    return {"size": size, "rate_per_s": round(rate), **medians}


def memory(stand: Stand, size: str, messages: int, told: Told) -> Row:
    """MB of missent after 1,000 messages and after many, every tenth to a recipient nobody wrote to before."""
    for number in range(3):
        stand.send(MISSENT, size, 400 if number < 2 else 200, RCPT)
    first = stand.memory(MISSENT)
    done = 1000
    while done < messages:
        stand.send(MISSENT, size, 1000, f"joe{done}@army.mil")
        done += 1000
        told(f"memory: {done} of {messages} messages, {stand.memory(MISSENT):.0f} MB")
    last = stand.memory(MISSENT)
    return {
        "messages": done,
        "mb_after_1000": round(first, 1),
        "mb_at_end": round(last, 1),
        "grown": round(last / first - 1, 3),
    }
