"""Logs as history: who wrote to whom by the envelope, without a message at hand.

Files of one server know each other's messages, so the logs of a run are joined first, in a file that goes when the run ends.
What was refused for good went to nobody and tells nothing. Mail that came in never counts as an answer: a log cannot tell an
answer from junk.
"""

import tempfile
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from pathlib import Path

from missent.archive.acceptance import Accepted, Transit
from missent.archive.deliveries import JoinedDeliveries, gather
from missent.archive.handovers import handovers
from missent.archive.learning import BATCH, Learned, Memory, stamp
from missent.archive.logs.handover import Handover, Queued
from missent.archive.readers import Source
from missent.nouns.address import Address
from missent.nouns.sighting import Sighting
from missent.nouns.verdict import Skipped
from missent.store.sources import Progress

_PLACE = "logs"
"""The source by which batches are booked: a run that was killed begins anew, and learning twice changes nothing."""


def learn_logs(logs: list[Source], memory: Memory, own: frozenset[str], done: Learned) -> None:
    """Learn logs, and those in containers, together; counts go into `done`.

    `own` are the canonical own domains. If none of them changed since they were learned, they are not read again. Raises
    StoreError, sqlite3.Error if the disk for the join is full.
    """
    stamps = {str(log.path.absolute()): stamp(log.path) for log in logs if log.is_log}
    done.files += len(stamps)
    if stamps and len(stamps) == len(logs) and all(_learned(memory, name, now) for name, now in stamps.items()):
        done.unchanged += len(stamps)
        return
    missed = done.not_read
    with tempfile.TemporaryDirectory(prefix="missent-") as folder:
        ledger = Path(folder) / "ledger.db"
        gather(_told(logs, done), ledger)
        joined = JoinedDeliveries(ledger)
        found = _sightings(joined.transits(), own)
        while batch := list(islice(found, BATCH)):
            done.messages += len(batch)
            done.new += memory.take(batch, Progress(_PLACE, ""))
        joined.close()
    if done.not_read == missed:
        for name, now in stamps.items():
            memory.take([], Progress(name, now, 0, finished=True))


def _learned(memory: Memory, name: str, now: str) -> bool:
    before = memory.progress(name)
    return before is not None and before.finished and before.stamp == now


def _told(logs: Iterable[Source], done: Learned) -> Iterator[Handover | Queued]:
    for log in logs:
        for one in handovers(log):
            if isinstance(one, Skipped):
                done.miss(one)
            else:
                yield one


def _sightings(transits: Iterator[Transit], own: frozenset[str]) -> Iterator[Sighting]:
    taken = (one for one in transits if one.acceptance.accepted is not Accepted.NO and one.mail_from)
    for (message_id, sender, _), group in groupby(taken, key=_message):
        author = Address.parse(sender)
        here = any(author.domain == domain or author.domain.endswith("." + domain) for domain in own)
        members = list(group)
        rcpts = tuple(Address.parse(one.rcpt) for one in members)
        yield Sighting(message_id, members[0].at, author, rcpts, automatic=not here)


def _message(one: Transit) -> tuple[str, str, tuple[str, ...]]:
    """What is one message: without a Message-ID, each copy is one."""
    return one.message_id, one.mail_from, () if one.message_id else one.acceptance.where
