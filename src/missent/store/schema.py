"""The tables, as SQLAlchemy Core describes them; `migrations` makes them, and a test holds the two together.

Portable on purpose: integers, text and octets only. Times are whole microseconds since 1970 UTC, so that plain SQL
can compare them in either database. Tables of history, register and policies stand in modules beside this one.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.types import TypeDecorator

metadata = MetaData()

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """Microseconds since 1970 UTC of an aware datetime."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(value: int) -> datetime:
    """The reverse of `micros`, in UTC."""
    return _EPOCH + value * _MICROSECOND


class Moment(TypeDecorator[datetime]):
    """A UTC datetime kept as whole microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:
        """To the database."""
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:
        """From the database."""
        return None if value is None else moment(value)


Id = BigInteger().with_variant(Integer, "sqlite")
"""A number the database gives: only INTEGER does so in SQLite."""

store_fact = Table("store_fact", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

audit_event = Table(
    "audit_event",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("facts", Text, nullable=False),  # canonical JSON, exactly as the MAC saw it
    Column("previous", Text, nullable=False),
    Column("mac", Text, nullable=False),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # one row: locked by whoever lengthens the chain
    Column("number", BigInteger, nullable=False),
    Column("mac", Text, nullable=False),
)

hold = Table(  # what is searched or changes has a column, the rest is in the document (JSON, see rows.py)
    "hold",
    metadata,
    Column("id", Text, primary_key=True),
    Column("created", Moment, nullable=False),
    Column("open_key", Text, unique=True),  # while further transactions may join; so two nodes cannot both open one
    Column("sender", Text, nullable=False),  # address key, "" for <>
    Column("asks_sender", Boolean, nullable=False),
    Column("document", Text, nullable=False),
    Column("purged", Moment),
    Index("hold_by_created", "created"),
)

held_copy = Table(
    "held_copy",
    metadata,
    Column("id", Id, primary_key=True),
    Column("hold_id", Text, ForeignKey("hold.id"), nullable=False),
    Column("rcpt_key", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("expires", Moment, nullable=False),
    Column("document", Text, nullable=False),
    Column("changed", Moment, nullable=False),
    Column("corrected_to", Text),
    Column("decided_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reply", Text, nullable=False),
    Index("held_copy_by_hold", "hold_id", "rcpt_key", unique=True),
    Index("held_copy_by_state", "state", "expires"),
)

body_chunk = Table(
    "body_chunk",
    metadata,
    Column("hold_id", Text, ForeignKey("hold.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("octets", LargeBinary, nullable=False),
)

posting = Table(
    "posting",
    metadata,
    Column("id", Id, primary_key=True),
    Column("parcel", Text, nullable=False),
    Column("hold_id", Text, ForeignKey("hold.id"), nullable=False),
    Column("copy_ids", Text, nullable=False),
    Column("created", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("owner", Text, nullable=False),
    Column("leased_until", Moment),
    Column("finished", Moment),
    Column("outcome", Text, nullable=False),
    Index("posting_by_due", "finished", "due"),
    Index("posting_by_hold", "hold_id"),
)

spent_pass = Table(  # what a released copy showed when it came by: good once
    "spent_pass",
    metadata,
    Column("id", Text, primary_key=True),
    Column("until", Moment, nullable=False),
    Index("spent_pass_by_until", "until"),
)

correction = Table(  # read by history: the thread remembers a corrected address
    "correction",
    metadata,
    Column("message_id", Text, primary_key=True),  # of the thread, without angle brackets
    Column("wrong", Text, primary_key=True),  # address key
    Column("right_address", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

confirmation = Table(  # read by history: what one sender confirmed counts for that sender and address
    "confirmation",
    metadata,
    Column("sender", Text, primary_key=True),  # address keys
    Column("address", Text, primary_key=True),
    Column("at", Moment, nullable=False),
)
