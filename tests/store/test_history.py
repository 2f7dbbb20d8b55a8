"""One contract, two histories: in memory and in SQL answer alike, whatever was learned in whatever order."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Column, MetaData, String, Table, create_engine, text

from missent.nouns.address import Address
from missent.nouns.sighting import Sighting
from missent.recipients.history import Question
from missent.recipients.remembering import Here, micros
from missent.store.history import SqlHistory
from missent.store.history_tables import define
from missent.testing.history import MemoryHistory

OWN = frozenset({"mod.example"})
DAY_1 = datetime(2023, 7, 3, 9, tzinfo=UTC)
LATER = datetime(2024, 1, 1, tzinfo=UTC)


def registrable(domain: str) -> str | None:
    labels = domain.split(".")
    return ".".join(labels[-2:]) if len(labels) > 1 else None


def sql_history() -> SqlHistory:
    engine = create_engine("sqlite://")
    metadata = MetaData()
    define(metadata)
    Table("confirmation", metadata, *(Column(n, String, primary_key=True) for n in ("sender", "address")), Column("at", BigInteger))
    Table("correction", metadata, *(Column(n, String) for n in ("message_id", "wrong", "right_address")), Column("at", BigInteger))
    metadata.create_all(engine)

    @contextmanager
    def read():
        with engine.connect() as connection:
            yield connection

    def write(function):
        with engine.begin() as connection:
            return function(connection)

    history = SqlHistory(read, write, Here(OWN, registrable))
    history.engine = engine
    return history
