"""Real slips: a folder with `typos/*.tsv` (mined by hand) and the mailboxes they stand in, `enron/*.mbox.gz`.

The mail is replayed by date. Each labelled domain is judged at its own first and second sending, knowing only earlier
mail, because the slips stand in the same mailboxes that are learned. Slips are found if the right domain is suggested;
near misses are real domains one or two letters from a busy one, and should not be accused. A slip can only be found where
the domain it means was known by then, which `known by then` counts.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from missent.archive.readers import open_source
from missent.checks.context import Context
from missent.checks.lookalike_domain import look
from missent.message.reading import read
from missent.nouns.address import Address
from missent.nouns.envelope import Envelope, Recipient
from missent.nouns.finding import Finding, Severity
from missent.nouns.sighting import Sighting
from missent.nouns.verdict import Skipped
from missent.recipients.asking import ask
from missent.recipients.in_memory.history import MemoryHistory
from missent.recipients.names import Names
from missent.recipients.sightings import sighting_of
from missent.recipients.standing import Kind

OWN = "enron.com"
SENDINGS = 2


class Replay:
    """The organisation as it learns; every domain is judged at its first sendings."""

    def __init__(self, labels: dict[str, tuple[str, str]]) -> None:
        self.labels = labels  # domain -> (group, the domain meant; "" for a near miss)
        self.names = Names(own=[OWN])
        self.history = MemoryHistory([OWN], self.names.registrable)
        self.times = Counter[str]()
        self.count = Counter[tuple[str, int, str]]()

    def meet(self, sighting: Sighting) -> None:
        """Judge what is sent for the first or second time, then learn it."""
        for address in {a.domain: a for a in sighting.rcpts}.values():
            if address.domain and self.names.kind(address.domain) is not Kind.OWN:
                self.times[address.domain] += 1
                if self.times[address.domain] <= SENDINGS:
                    self._judge(sighting, address)
        self.history.learn([sighting])

    def _judge(self, sighting: Sighting, address: Address) -> None:
        for domain in self.history.established():
            self.names.add(domain, Kind.ESTABLISHED)
        envelope = Envelope(sighting.sender, (Recipient(address),))
        question, resembling = ask(None, envelope, self.names, sighting.at)
        known = self.history.known(question)
        context = Context(sighting.at, frozenset((OWN,)), self.names, resembling=resembling, known=known)
        self._tally(address.domain, next(iter(look(None, envelope, context)), None))

    def _tally(self, domain: str, found: Finding | None) -> None:
        group, meant = self.labels.get(domain, ("other", ""))
        suggested = found.suggestion.rpartition("@")[2] if found and found.suggestion else ""
        said = {
            "n": True,
            "known": bool(meant and self.names.kind(meant)),
            "accused": found is not None,
            "held": found is not None and found.severity is Severity.HIGH,
            "right": bool(meant) and suggested == meant,
        }
        self.count.update((group, self.times[domain], what) for what, holds in said.items() if holds)


def real_slips(path: Path) -> list[dict[str, object]]:
    """Judge every labelled domain of a folder; one row a group and sending."""
    boxes = sorted((path / "enron").glob("*.mbox.gz"))
    labels = {row[0]: ("near miss", "") for row in _rows(path / "typos" / "enron_near_misses.tsv")}
    labels |= {row[0]: ("slip", row[1]) for row in _rows(path / "typos" / "enron_typos.tsv")}
    replay = Replay(labels)
    unread = Counter[str]()
    for sighting in sorted(_sightings(boxes, unread), key=lambda s: s.at):
        replay.meet(sighting)
    rows: list[dict[str, object]] = []
    for group in ("slip", "near miss", "other"):
        for sending in range(1, SENDINGS + 1):
            row: dict[str, object] = {"measure": f"{group}, sending {sending}", "n": replay.count[group, sending, "n"]}
            for what, column in (
                ("known", "known by then"),
                ("right", "right ones"),
                ("accused", "accused ones"),
                ("held", "held"),
            ):
                if group == "slip" or what in ("accused", "held"):
                    row[column] = replay.count[group, sending, what]
            rows.append(row)
    return [*rows, *({"measure": f"skipped: {reason}", "n": n} for reason, n in sorted(unread.items()))]


def _sightings(boxes: list[Path], unread: Counter[str]) -> Iterator[Sighting]:
    for box in boxes:
        for item in open_source(box):
            if isinstance(item, Skipped):
                unread[item.reason] += 1
            elif sighting := sighting_of(item.raw, read(item.raw)):
                yield sighting
            else:
                unread["no sender, recipient or date"] += 1


def _rows(path: Path) -> Iterator[list[str]]:
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")
