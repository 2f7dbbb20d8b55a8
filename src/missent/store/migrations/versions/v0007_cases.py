"""Cases: exposures under assessment, notes, letters to wrong recipients."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Nothing is carried over."""
    op.create_table(
        "investigation",
        sa.Column("id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("title", "owner")),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("opened", "aware")),
        sa.Column("notified", sa.BigInteger),
        sa.Column("affected", sa.BigInteger),
    )
    op.create_table(
        "investigation_entry",
        sa.Column("number", ID, primary_key=True),
        _of_a_case(),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("mail", "rcpt", "state", "document")),
    )
    op.create_index("investigation_entry_once", "investigation_entry", ["case_id", "mail", "rcpt"], unique=True)
    op.create_table(
        "investigation_note",
        sa.Column("number", ID, primary_key=True),
        _of_a_case(),
        sa.Column("at", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("actor", "kind", "words")),
    )
    op.create_index("investigation_note_by_case", "investigation_note", ["case_id"])
    op.create_table(
        "investigation_letter",
        sa.Column("id", ID, primary_key=True),
        _of_a_case(),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("entry", "created", "due", "attempts")),
        sa.Column("owner", sa.Text, nullable=False),
        *(sa.Column(name, sa.BigInteger) for name in ("leased_until", "finished")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("outcome", "reply")),
    )
    op.create_index("investigation_letter_by_due", "investigation_letter", ["finished", "due"])
    op.create_index("investigation_letter_by_case", "investigation_letter", ["case_id"])


def _of_a_case() -> "sa.Column[str]":
    return sa.Column("case_id", sa.Text, sa.ForeignKey("investigation.id"), nullable=False)
