"""`History` over the database: reads by plain statements, writes batch by batch through the store's one writer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from missent.nouns.address import Address
from missent.nouns.audit import AuditEvent
from missent.nouns.finding import Fact
from missent.nouns.sighting import Sighting
from missent.recipients.history import Known, Question
from missent.recipients.remembering import Here
from missent.store import sources
from missent.store.recall import Recall
from missent.store.rows import DriverRows, EngineRows
from missent.store.sources import Progress

if TYPE_CHECKING:
    from sqlalchemy import Connection

    Write = Callable[[Callable[[Connection], int]], int]
    """Runs a function in a durable transaction of the writer and returns its result; raises StoreError."""

T = TypeVar("T")

BATCH = 500
"""Sightings of one transaction: some 50 ms, so that learning an archive never keeps the gateway waiting."""


class SqlHistory:
    """Remembers who wrote to whom, durably.

    `read` opens a reading connection and turns database errors into StoreError, as `write` does; `alias` is the keyed
    hash by which evidence names an address.
    """

    def __init__(
        self,
        read: Callable[[], AbstractContextManager[Connection]],
        write: Write,
        here: Here,
        alias: Callable[[str], str],
    ) -> None:
        self._read = read
        self._write = write
        self._here = here
        self._alias = alias

    @property
    def here(self) -> Here:
        """Which domains are the organisation's."""
        return self._here

    def seen_from(self, own: Iterable[str]) -> SqlHistory:
        """The same history for an organisation with these own domains instead."""
        return SqlHistory(self._read, self._write, Here(frozenset(own), self._here.registrable), self._alias)

    def known(self, question: Question) -> Known:
        """Everything the checks may want to know, from mail before `question.at`."""
        with self._read() as connection:
            return Recall(DriverRows(connection), self._here).known(question)

    def established(self) -> Mapping[str, datetime]:
        """Every established domain and since when."""
        with self._read() as connection:
            return Recall(EngineRows(connection), self._here).established()

    def established_state(self) -> tuple[int, int]:
        """Another one whenever domains became established or were forgotten: their number, and the sum of their ids."""
        with self._read() as connection:
            return Recall(EngineRows(connection), self._here).established_state()

    def learn(self, sightings: Iterable[Sighting]) -> int:
        """Remember messages, durable batch by batch; returns how many were new."""
        from missent.store.learning import learn

        stream, new = iter(sightings), 0
        while batch := list(islice(stream, BATCH)):
            new += self._write(lambda connection, batch=batch: learn(connection, batch, self._here))  # type: ignore[misc]
        return new

    def progress(self, path: str) -> Progress | None:
        """How far a file was learned; None if never."""
        with self._read() as connection:
            return sources.read(connection, path)

    def take(self, sightings: Iterable[Sighting], progress: Progress) -> int:
        """Learn a batch and remember how far that is, in one transaction; returns how many were new."""
        from missent.store.learning import learn

        batch = list(sightings)

        def take(connection: Connection) -> int:
            sources.put(connection, progress)
            return learn(connection, batch, self._here) if batch else 0

        return self._write(take)

    def forget(self, address: Address) -> int:
        """Remove one person's address and all that is known of it; returns how many rows went."""
        from missent.store.forgetting import forget

        return self._write(lambda connection: forget(connection, address))

    def forget_for(self, address: Address, at: datetime, actor: str) -> int:
        """`forget`, with an audit event that names the person by a keyed hash only."""
        from missent.store.chain import append
        from missent.store.forgetting import forget

        def forget_for(connection: Connection) -> int:
            gone = forget(connection, address)
            if gone:
                facts: dict[str, Fact] = {"person": self._alias(address.key), "rows": gone}
                append(connection, AuditEvent(at, "history.forgotten", actor, facts))
            return gone

        return self._write(forget_for)

    def size(self) -> dict[str, int]:
        """How many mails, people, pairs, domains and established domains are known."""
        with self._read() as connection:
            return Recall(EngineRows(connection), self._here).size()
