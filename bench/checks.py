"""How often each check speaks about ordinary mail: what a site's own people would be asked, and what is only recorded.

`python -m bench.checks PATH… --own DOMAIN… [--mails N] [--format plain|json]`

A PATH is anything `missent learn` reads. Mail is put in order of time, copies dropped; the first half is history, and of the
second half's mails from the own domains N are judged as of their dates; all is learned as it comes. Only counts are printed.
"""

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from missent.archive.readers import sources
from missent.judging import Judging
from missent.message.model import Message
from missent.message.reading import read
from missent.nouns.envelope import Client, Envelope, Recipient
from missent.nouns.finding import Severity
from missent.nouns.verdict import Skipped, Verdict
from missent.policy.reading import default_policy
from missent.reading.texts import open_texts
from missent.recipients.in_memory.history import MemoryHistory
from missent.recipients.names import Names
from missent.recipients.sightings import sighting_of


@dataclass(slots=True)
class Tally:
    """What was counted.

    Attributes:
        outside: judged mails with a recipient outside.
        found: (check, severity word) -> mails with such a finding, each by its worst.
        actions: strongest action -> mails; rules: deciding rule -> recipients not simply delivered.
        cpu_ms: processor time to open and judge one.
    """

    judged: int = 0
    outside: int = 0
    unread: int = 0
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    actions: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    cpu_ms: float = 0.0

    def add(self, verdict: Verdict) -> None:
        """Count one verdict."""
        worst: dict[str, Severity] = {}
        for finding in (*verdict.findings, *(f for r in verdict.recipients for f in r.findings)):
            worst[finding.id] = max(worst.get(finding.id, Severity.LOW), finding.severity)
        self.found.update((id_, severity.word) for id_, severity in worst.items())
        self.actions[verdict.action.word] += 1
        self.rules.update(r.ruling.rule for r in verdict.recipients if r.action.word != "deliver")


def main() -> int:
    """Print one table."""
    parser = argparse.ArgumentParser(prog="bench.checks", description="How often each check speaks about ordinary mail.")
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--own", nargs="+", required=True, metavar="DOMAIN")
    parser.add_argument("--mails", type=int, default=2000)
    parser.add_argument("--format", choices=("plain", "json"), default="plain")
    options = parser.parse_args()
    told = tally(options.paths, frozenset(options.own), options.mails)
    print(json.dumps(_as_dict(told)) if options.format == "json" else "\n".join(_said(told)))
    return 0 if told.judged else 3


def tally(paths: Iterable[Path], own: frozenset[str], most: int) -> Tally:
    """Judge and count."""
    told = Tally()
    mails = sorted(_mails(paths, told), key=lambda mail: mail[1].date.timestamp() if mail[1].date else 0.0)
    names = Names(own)
    history = MemoryHistory(own, names.registrable)
    judging = Judging(own, names, history, default_policy(), time.perf_counter)
    ours = [n for n in range(len(mails) // 2, len(mails)) if mails[n][1].from_[0].domain in own]
    picked = frozenset(random.Random(1).sample(ours, min(most, len(ours))))
    for number, (raw, message) in enumerate(mails):
        if number in picked:
            _judge(judging, raw, message, told)
        if sighting := sighting_of(raw, message):
            history.learn([sighting])
    return told


def _judge(judging: Judging, raw: bytes, message: Message, told: Tally) -> None:
    envelope = Envelope(message.from_[0], tuple(map(Recipient, message.rcpts[:100])), client=Client(own=True))
    assert message.date is not None
    began = time.process_time()
    verdict = judging.judge(message, envelope, message.date, open_texts(raw, message))
    told.cpu_ms += ((time.process_time() - began) * 1000 - told.cpu_ms) / (told.judged + 1)
    told.judged += 1
    told.outside += any(a.domain not in judging.own_domains for a in message.rcpts)
    told.add(verdict)


def _mails(paths: Iterable[Path], told: Tally) -> Iterator[tuple[bytes, Message]]:
    """Dated mail with author and recipients, each Message-ID once."""
    seen: set[str] = set()
    for item in (item for path in paths for source in sources(path) for item in source.items(0)):
        if isinstance(item, Skipped):
            told.unread += 1
            continue
        message = read(item.raw)
        if message.message_id not in seen and message.date and message.from_ and message.rcpts:
            seen.add(message.message_id)
            yield item.raw, message


def _said(told: Tally) -> Iterator[str]:
    yield f"{told.judged} mails, {told.outside} of them to somebody outside, {told.unread} unread; {told.cpu_ms:.2f} ms each"
    yield f"{'check':<28} {'severity':<8} {'mails':>6} {'share':>8}"
    for (id_, severity), count in sorted(told.found.items()):
        yield f"{id_:<28} {severity:<8} {count:>6} {count / told.judged:>8.2%}"
    yield "actions: " + ", ".join(f"{word} {count}" for word, count in told.actions.most_common())
    yield "rules: " + (", ".join(f"{rule} {count}" for rule, count in told.rules.most_common()) or "none but the last")


def _as_dict(told: Tally) -> dict[str, object]:
    rows = [{"check": id_, "severity": severity, "mails": count} for (id_, severity), count in sorted(told.found.items())]
    numbers = {name: getattr(told, name) for name in ("judged", "outside", "unread", "cpu_ms")}
    return {**numbers, "found": rows, "actions": dict(told.actions), "rules": dict(told.rules)}


if __name__ == "__main__":
    raise SystemExit(main())
