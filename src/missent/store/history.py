"""`History` over the database: reads by plain statements, writes batch by batch through the store's one writer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from missent.nouns.address import Address
from missent.nouns.sighting import Sighting
from missent.recipients.history import Known, Question
from missent.recipients.remembering import Here
from missent.store.recall import Recall
from missent.store.rows import EngineRows

if TYPE_CHECKING:
    from sqlalchemy import Connection

    Write = Callable[[Callable[[Connection], int]], int]
    """Runs a function in a durable transaction of the writer and returns its result; raises StoreError."""

T = TypeVar("T")

BATCH = 500
"""Sightings of one transaction: some 50 ms, so that learning an archive never keeps the gateway waiting."""


class SqlHistory:
    """Remembers who wrote to whom, durably.

    `read` opens a reading connection and turns database errors into StoreError, as `write` does.
    """

    def __init__(self, read: Callable[[], AbstractContextManager[Connection]], write: Write, here: Here) -> None:
        self._read = read
        self._write = write
        self._here = here

    def known(self, question: Question) -> Known:
        """Everything the checks may want to know, from mail before `question.at`."""
        with self._read() as connection:
            return Recall(EngineRows(connection), self._here).known(question)

    def established(self) -> Mapping[str, datetime]:
        """Every established domain and since when."""
        with self._read() as connection:
            return Recall(EngineRows(connection), self._here).established()

    def learn(self, sightings: Iterable[Sighting]) -> int:
        """Remember messages, durable batch by batch; returns how many were new."""
        from missent.store.learning import learn

        stream, new = iter(sightings), 0
        while batch := list(islice(stream, BATCH)):
            new += self._write(lambda connection, batch=batch: learn(connection, batch, self._here))  # type: ignore[misc]
        return new

    def forget(self, address: Address) -> int:
        """Remove one person's address and all that is known of it; returns how many rows went."""
        from missent.store.forgetting import forget

        return self._write(lambda connection: forget(connection, address))

    def size(self) -> dict[str, int]:
        """How many mails, people, pairs, domains and established domains are known."""
        with self._read() as connection:
            return Recall(EngineRows(connection), self._here).size()
