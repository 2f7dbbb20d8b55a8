"""Passes of released copies that were used."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """A table of its own: nodes of the version before go on beside it."""
    op.create_table(
        "spent_pass",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("until", sa.BigInteger, nullable=False),
    )
    op.create_index("spent_pass_by_until", "spent_pass", ["until"])
