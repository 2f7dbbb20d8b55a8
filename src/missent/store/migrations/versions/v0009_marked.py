"""Which message bore which marking."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Mail remembered by earlier versions has none: learn its archives again."""
    op.create_table(
        "marked",
        sa.Column("message_id", sa.LargeBinary, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("scheme", "level", "controls", "text")),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("marked_by_at", "marked", ["at"])
