"""Holds, their copies and bodies, the outbox, what holds taught, and the audit chain."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """From an empty database."""
    _evidence()
    _holds()
    _outbox()
    op.create_table(
        "correction",
        sa.Column("message_id", sa.Text, primary_key=True),
        sa.Column("wrong", sa.Text, primary_key=True),
        sa.Column("right_address", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "confirmation",
        sa.Column("sender", sa.Text, primary_key=True),
        sa.Column("address", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
    )


def _evidence() -> None:
    op.create_table(
        "store_fact",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "audit_event",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("kind", "actor", "facts", "previous", "mac")),
    )
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("mac", sa.Text, nullable=False),
    )
    op.bulk_insert(head, [{"id": 1, "number": 0, "mac": "0" * 64}])


def _holds() -> None:
    op.create_table(
        "hold",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("open_key", sa.Text, unique=True),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("asks_sender", sa.Boolean, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("purged", sa.BigInteger),
    )
    op.create_index("hold_by_created", "hold", ["created"])
    op.create_table(
        "held_copy",
        sa.Column("id", ID, primary_key=True),
        sa.Column("hold_id", sa.Text, sa.ForeignKey("hold.id"), nullable=False),
        sa.Column("rcpt_key", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
        sa.Column("corrected_to", sa.Text),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("decided_by", "reason", "reply")),
    )
    op.create_index("held_copy_by_hold", "held_copy", ["hold_id", "rcpt_key"], unique=True)
    op.create_index("held_copy_by_state", "held_copy", ["state", "expires"])
    op.create_table(
        "body_chunk",
        sa.Column("hold_id", sa.Text, sa.ForeignKey("hold.id"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("octets", sa.LargeBinary, nullable=False),
    )


def _outbox() -> None:
    op.create_table(
        "posting",
        sa.Column("id", ID, primary_key=True),
        sa.Column("parcel", sa.Text, nullable=False),
        sa.Column("hold_id", sa.Text, sa.ForeignKey("hold.id"), nullable=False),
        sa.Column("copy_ids", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("leased_until", sa.BigInteger),
        sa.Column("finished", sa.BigInteger),
        sa.Column("outcome", sa.Text, nullable=False),
    )
    op.create_index("posting_by_due", "posting", ["finished", "due"])
    op.create_index("posting_by_hold", "posting", ["hold_id"])
