"""Tables of history: who wrote to whom and when; no subject, no text.

Addresses and display names stand in the clear: suggestions are made of them. Message-IDs are digests. All moments are
microseconds since 1970 UTC (`missent.recipients.remembering`). What is said of a mail stands once in `mail` and
`letter`; `pair`, `traffic`, `domain` and `answer` follow from them and save the counting. The tables that grow with the
mail carry no foreign keys: one learner writes them, and three look-ups a letter would double its work.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
)

TEXT = String().with_variant(String(collation="C"), "postgresql")
"""Compared by code point everywhere, as SQLite does."""

ID = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers rows by itself only where the type is INTEGER."""


def define(metadata: MetaData) -> None:
    """Add the tables of history to a schema."""
    Table(
        "domain",
        metadata,
        Column("id", ID, primary_key=True),
        Column("name", TEXT, nullable=False, unique=True),
        Column("organisation", TEXT, nullable=False),  # registrable domain, or the domain itself
        Column("established", BigInteger),
        Column("sent", Integer, nullable=False, server_default="0"),
        Column("received", Integer, nullable=False, server_default="0"),
        Column("last", BigInteger, nullable=False, server_default="0"),
    )
    Table(
        "address",
        metadata,
        Column("id", ID, primary_key=True),
        Column("key", TEXT, nullable=False, unique=True),
        Column("domain", ForeignKey("domain.id"), nullable=False),
        Column("first", BigInteger, nullable=False),
        Index("address_by_domain", "domain", "key"),
    )
    Table(
        "name",
        metadata,
        Column("address", ForeignKey("address.id"), primary_key=True),
        Column("name", TEXT, primary_key=True),
        Column("first", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    Table(
        "alias",  # `missent.recipients.likeness`
        metadata,
        Column("key", TEXT, primary_key=True),
        Column("address", ForeignKey("address.id"), primary_key=True),
        Column("first", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    _mail(metadata)
    _counts(metadata)


def _mail(metadata: MetaData) -> None:
    Table(
        "mail",
        metadata,
        Column("id", ID, primary_key=True),
        Column("identity", LargeBinary(16), nullable=False, unique=True),
        Column("message_id", LargeBinary(16)),
        Column("at", BigInteger, nullable=False),
        Column("sender", BigInteger),  # NULL once forgotten
        Column("person", Boolean, nullable=False),
        Column("role", SmallInteger, nullable=False),  # missent.store.learning.Role
        Column("refers", Boolean, nullable=False),  # whether it names messages it replies to
        Column("answers", BigInteger),  # the moment at which it answers mail from here; NULL if it does not
        Column("closed", Boolean, nullable=False),  # one of its people was forgotten: copies add nothing
        Index("mail_by_message_id", "message_id"),
    )
    Table(
        "letter",  # one mail to one recipient
        metadata,
        Column("sender", BigInteger, primary_key=True),
        Column("rcpt", BigInteger, primary_key=True),
        Column("at", BigInteger, primary_key=True),
        Column("mail", BigInteger, primary_key=True),
        Index("letter_by_rcpt", "rcpt", "at", "mail"),
        Index("letter_by_mail", "mail", "rcpt"),
        sqlite_with_rowid=False,
    )
    Table(
        "reference",
        metadata,
        Column("message_id", LargeBinary(16), primary_key=True),
        Column("mail", BigInteger, primary_key=True),  # the one that refers
        sqlite_with_rowid=False,
    )


def _counts(metadata: MetaData) -> None:
    Table(
        "pair",  # what `owner` wrote to `other` and got from it; `domain` is the other's
        metadata,
        Column("owner", BigInteger, primary_key=True),
        Column("domain", BigInteger, primary_key=True),
        Column("other", BigInteger, primary_key=True),
        Column("sent", Integer, nullable=False),
        Column("received", Integer, nullable=False),
        Column("first", BigInteger, nullable=False),
        Column("last", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    Table(
        "traffic",  # one mail and one domain: sent from here to it (1), or come from it (0)
        metadata,
        Column("domain", BigInteger, primary_key=True),
        Column("at", BigInteger, primary_key=True),
        Column("mail", BigInteger, primary_key=True),
        Column("sent", SmallInteger, primary_key=True),
        sqlite_with_rowid=False,
    )
    Table(
        "answer",  # mail that answers mail from here, by mail domain and by registrable domain
        metadata,
        Column("domain", BigInteger, primary_key=True),
        Column("at", BigInteger, primary_key=True),
        Column("mail", BigInteger, primary_key=True),
        sqlite_with_rowid=False,
    )
