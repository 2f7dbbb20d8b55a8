"""The recipient model of a site: made from the store's log, kept as new as it, asked when a message is judged.

The memory is a fold over the log, so every node that reads the log has the same one, and a crash loses nothing: what was
not kept in pages is learned again. `keep` writes pages so that the next start need not. Without NumPy it says nothing.
"""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable
from importlib import resources
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple, cast

from missent.recipients.model.letter import Mail
from missent.recipients.model.traits import Traits
from missent.recipients.weighing import NOTHING_WEIGHED, Weighed, Weighing
from missent.store import pages, traits
from missent.store.rows import Rows

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from missent.recipients.model.memory import Memory
    from missent.recipients.model.model import Model

MEMORY, TREES, FORGOTTEN, KEPT = "memory", "trees", "forgotten", "kept"
PRIOR = "prior.json.gz"


def available() -> bool:
    """Whether this installation can weigh: NumPy of the extra `ml` is there."""
    return find_spec("numpy") is not None


def prior() -> Model:
    """The packaged model: trees and bars learned from a public record, for sites that have not trained their own."""
    from missent.recipients.model.model import Model

    packed = resources.files("missent.recipients").joinpath("data", PRIOR).read_bytes()
    return Model.from_dict(json.loads(gzip.decompress(packed)))


class Held(NamedTuple):
    """What a model holds in memory, for a process forked from the one that read it. `at`, `seen`: how new it is."""

    memory: Memory | None
    model: Model | None
    at: int
    seen: dict[str, int]


def in_force(rows: Rows, newest: dict[str, int]) -> Model:
    """The model the site has trained, else the packaged one; `newest`: `pages.newest`. Needs NumPy; raises StoreError."""
    from missent.recipients.model.model import Model

    octets = pages.read(rows, TREES, newest[TREES]) if TREES in newest else None
    try:
        return Model.from_dict(json.loads(gzip.decompress(octets))) if octets else prior()
    except ValueError:  # trained by another version of missent
        return prior()


class RecipientModel:
    """Weighs by what stands in the store; implements `missent.recipients.weighing.Weigher`. Threads may share it.

    Attributes:
        key: of the hashes.
    """

    def __init__(self, rows: Rows, key: bytes) -> None:
        self._rows = rows
        self.key = key
        self._lock = threading.Lock()  # of the memory, held for a mail at a time
        self._refreshing = threading.Lock()
        self._memory: Memory | None = None
        self._model: Model | None = None
        self._at = 0
        self._seen: dict[str, int] = {}

    def weigh(self, asked: Weighing) -> Weighed:
        """What it says of one message, by what was last taken up (`refresh`); it waits for nothing."""
        if self._memory is None or self._model is None:
            return NOTHING_WEIGHED
        from missent.recipients.in_memory.weighing import weighed

        with self._lock:
            return weighed(self._memory, self._model, asked)

    def held(self) -> Held:
        """All of it, as it is."""
        return Held(self._memory, self._model, self._at, self._seen)

    def take(self, held: Held) -> None:
        """Begin with what another held that read the same store; `refresh` takes up what came since."""
        self._memory, self._model, self._at, self._seen = held

    def refresh(self) -> None:
        """Take up what the store has new: mail, a trained model, removals. Raises StoreError."""
        if available() and (self._memory is not None or traits.last(self._rows)):
            with self._refreshing:
                self._refresh()

    def keep(self, write: Callable[[Callable[[Connection], int]], int]) -> bool:
        """Write the memory into the store if it has learned since it was read; returns whether. Raises StoreError."""
        with self._refreshing:
            if self._memory is None or self._at == self._seen.get(KEPT):
                return False
            from missent.recipients.model.packing import gather, squeeze  # needs NumPy, as a memory did

            with self._lock:
                gathered = gather(self._memory)
                self._memory.ties.close()
            octets = self._at.to_bytes(8) + squeeze(gathered)
            write(lambda connection: pages.put(connection, MEMORY, octets))
            self._seen[KEPT] = self._at
        return True

    @property
    def model(self) -> Model:
        """The model in force, as new as the store. Needs NumPy; raises StoreError."""
        with self._refreshing:
            self._refresh()
            return cast("Model", self._model)

    @property
    def memory(self) -> Memory:
        """What is remembered, as new as the store. Needs NumPy; raises StoreError."""
        with self._refreshing:
            self._refresh()
            return cast("Memory", self._memory)

    def _refresh(self) -> None:
        newest = pages.newest(self._rows)
        if self._memory is None or newest.get(FORGOTTEN, 0) != self._seen.get(FORGOTTEN):
            self._start(newest)
        if self._model is None or newest.get(TREES, 0) != self._seen.get(TREES):
            self._take_model(newest)
        self._follow()

    def _start(self, newest: dict[str, int]) -> None:
        """From the pages, else from the whole log, in the order of the mails' dates."""
        from missent.recipients.model.memory import Memory
        from missent.recipients.model.packing import unpack

        octets = pages.read(self._rows, MEMORY, newest[MEMORY]) if MEMORY in newest else None
        if octets:
            at, memory = int.from_bytes(octets[:8]), unpack(octets[8:], self.key)
            self._seen[KEPT] = at
        else:
            at, memory = traits.last(self._rows), Memory(self.key)
            for told in traits.by_time(self._rows, at):
                memory.learn(mail_of(told))
        self._at, self._seen[FORGOTTEN] = at, newest.get(FORGOTTEN, 0)
        with self._lock:
            self._memory = memory

    def _take_model(self, newest: dict[str, int]) -> None:
        model = in_force(self._rows, newest)
        self._model = model.met(traits.scores(self._rows, model.trained.get("upto", 0), self._at))
        self._seen[TREES] = newest.get(TREES, 0)

    def _follow(self) -> None:
        """Learn the rows behind; a message may be weighed between two of them."""
        scores, memory = [], cast("Memory", self._memory)
        for told in traits.after(self._rows, self._at):
            mail = mail_of(told)
            with self._lock:
                memory.learn(mail)
            self._at = told.number
            scores += [(told.sender, told.score)] if told.score is not None else []
        if self._model is not None and scores:
            self._model = self._model.met(scores)


def mail_of(told: traits.Learned) -> Mail:
    """A row of the log as the model is told of it."""
    return Mail(told.sender, told.rcpts, told.at, Traits.unpack(told.octets), told.names)
