"""The recipient model: the log of traits, and pages of what was made of it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Mail remembered by earlier versions has no traits: learn its archives again."""
    op.create_table(
        "trait",
        sa.Column("number", ID, primary_key=True),
        sa.Column("mail", sa.BigInteger, nullable=False),
        sa.Column("rcpts", sa.Text, nullable=False),
        sa.Column("score", sa.Float),
        sa.Column("octets", sa.LargeBinary, nullable=False),
    )
    op.create_index("trait_by_mail", "trait", ["mail"])
    op.create_table(
        "model_page",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("octets", sa.LargeBinary, nullable=False),
    )
