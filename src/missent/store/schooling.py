"""Training and measuring on what stands in the store."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from missent.errors import ConfigError
from missent.recipients.model.evaluating import Recall, evaluate
from missent.recipients.model.memory import Memory
from missent.recipients.model.schooling import Chance, Lesson, School, graduate
from missent.store import pages, traits
from missent.store.recipient_model import MEMORY, TREES, mail_of, prior

if TYPE_CHECKING:
    from missent.recipients.model.model import Model
    from missent.store.opened import Store


class Past:
    """The mail of a store, to learn from.

    Args:
        store: whose log is read.
        own: domains whose senders are judged; what stands below them counts, too.
        chance: makes the source of chance anew.
        seed: of the trees.
    """

    def __init__(self, store: Store, own: frozenset[str], chance: Callable[[], Chance], seed: int) -> None:
        self._store = store
        self._own = own
        self._chance = chance
        self._seed = seed

    def train(self) -> dict[str, Any]:
        """Learn, and put trees and memory in force together; returns what they were made of. Raises ConfigError, StoreError."""
        from missent.recipients.model.packing import pack

        upto = traits.last(self._store.rows())
        school, lessons = self._lessons(upto)
        trained = self._graduate(school, lessons)
        trained.trained["upto"] = upto
        packed = upto.to_bytes(8) + pack(school.memory)
        as_json = gzip.compress(json.dumps(trained.as_dict()).encode(), mtime=0)

        def put(connection: Any) -> int:
            pages.put(connection, TREES, as_json)
            return pages.put(connection, MEMORY, packed)

        self._store.write(put)
        return dict(trained.trained)

    def evaluate(self) -> list[Recall]:
        """Train on the older part, measure on the newer. Raises ConfigError, StoreError."""
        school, lessons = self._lessons(traits.last(self._store.rows()))
        cut = len(lessons) * 7 // 10
        return evaluate(self._graduate(school, lessons[:cut]), lessons[cut:])

    def _lessons(self, upto: int) -> tuple[School, list[Lesson]]:
        rows = self._store.rows()
        school = School(Memory(self._store.model.key), self._chance(), self._ours)
        return school, list(school.lessons(mail_of(told) for told in traits.by_time(rows, upto)))

    def _graduate(self, school: School, lessons: list[Lesson]) -> Model:
        try:
            return graduate(school.names, lessons, self._seed, beside=prior().trees)
        except ValueError as error:
            raise ConfigError(f"model: {error}: the packaged model stays in force") from None

    def _ours(self, address: str) -> bool:
        domain = address.rpartition("@")[2]
        return any(domain == own or domain.endswith("." + own) for own in self._own)
