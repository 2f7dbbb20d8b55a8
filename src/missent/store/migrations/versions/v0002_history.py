"""History, what was read of which source, the register, and policies."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Nothing is carried over: no earlier version remembered mail."""
    _people()
    _mail()
    _counts()
    _sources()
    _register()
    _policies()


def _key(name: str, kind: "sa.types.TypeEngine[Any] | type[sa.BigInteger]" = sa.BigInteger) -> "sa.Column[Any]":
    return sa.Column(name, kind, primary_key=True, autoincrement=False)


def _number(name: str) -> "sa.Column[Any]":
    return sa.Column(name, sa.BigInteger, nullable=False)


def _people() -> None:
    op.create_table(
        "domain",
        sa.Column("id", ID, primary_key=True),
        sa.Column("name", TEXT, nullable=False, unique=True),
        sa.Column("organisation", TEXT, nullable=False),
        sa.Column("established", sa.BigInteger),
        *(sa.Column(name, sa.BigInteger, nullable=False, server_default="0") for name in ("sent", "received", "last")),
    )
    op.create_table(
        "address",
        sa.Column("id", ID, primary_key=True),
        sa.Column("key", TEXT, nullable=False, unique=True),
        sa.Column("domain", sa.BigInteger, sa.ForeignKey("domain.id"), nullable=False),
        _number("first"),
    )
    op.create_index("address_by_domain", "address", ["domain", "key", "first"])
    op.create_table("name", _key("address"), _key("name", TEXT), _number("first"), sqlite_with_rowid=False)
    op.create_table("alias", _key("key", TEXT), _key("address"), _number("first"), sqlite_with_rowid=False)


def _mail() -> None:
    op.create_table(
        "mail",
        sa.Column("id", ID, primary_key=True),
        sa.Column("identity", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("message_id", sa.LargeBinary),
        _number("at"),
        sa.Column("sender", sa.BigInteger),
        sa.Column("person", sa.Boolean, nullable=False),
        sa.Column("role", sa.SmallInteger, nullable=False),
        sa.Column("refers", sa.Boolean, nullable=False),
        sa.Column("answers", sa.BigInteger),
        sa.Column("closed", sa.Boolean, nullable=False),
    )
    op.create_index("mail_by_message_id", "mail", ["message_id"])
    op.create_index("mail_by_sender", "mail", ["sender", "at"])
    op.create_table("letter", _key("sender"), _key("rcpt"), _key("at"), _key("mail"), sqlite_with_rowid=False)
    op.create_index("letter_by_rcpt", "letter", ["rcpt", "at", "mail"])
    op.create_index("letter_by_mail", "letter", ["mail", "rcpt"])
    op.create_table("reference", _key("message_id", sa.LargeBinary()), _key("mail"), sqlite_with_rowid=False)


def _counts() -> None:
    counts = [_number(name) for name in ("sent", "received", "first", "last")]
    op.create_table("pair", _key("owner"), _key("domain"), _key("other"), *counts, sqlite_with_rowid=False)
    sent = _key("sent", sa.SmallInteger())
    op.create_table("traffic", _key("domain"), _key("at"), _key("mail"), sent, sqlite_with_rowid=False)
    op.create_table("answer", _key("domain"), _key("at"), _key("mail"), sqlite_with_rowid=False)


def _sources() -> None:
    op.create_table(
        "source",
        sa.Column("path", TEXT, primary_key=True),
        sa.Column("stamp", sa.Text, nullable=False),
        _number("next"),
        sa.Column("finished", sa.Boolean, nullable=False),
    )


def _register() -> None:
    op.create_table(
        "partner",
        sa.Column("domain", TEXT, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("ceilings", sa.Text, nullable=False),
        sa.Column("discreet", sa.Boolean, nullable=False),
    )
    op.create_table(
        "restriction",
        sa.Column("suffix", TEXT, primary_key=True),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "exemption",
        sa.Column("finding", TEXT, primary_key=True),
        sa.Column("target", TEXT, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("owner", "reason", "expires")),
    )


def _policies() -> None:
    op.create_table(
        "policy",
        sa.Column("number", ID, primary_key=True),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        _number("at"),
        sa.Column("actor", sa.Text, nullable=False),
    )
