"""Registered documents: keyed hashes of their word runs."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """No document was registered before."""
    op.create_table(
        "registered_document",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("fingerprints", sa.LargeBinary, nullable=False),
    )
