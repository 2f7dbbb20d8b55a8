"""What who may receive, in a table of its own; and which attachments went to which organisation, as keyed hashes."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0003"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Ceilings of partners move to the new table."""
    op.create_table(
        "clearance",
        sa.Column("target", TEXT, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("ceilings", "countries", "channel", "groups")),
    )
    op.execute(
        """INSERT INTO clearance (target, ceilings, countries, channel, "groups")
SELECT domain, ceilings, '[]', '', '[]' FROM partner WHERE ceilings <> '{}'"""
    )
    op.drop_column("partner", "ceilings")
    op.create_table(
        "carried",
        sa.Column("mark", sa.LargeBinary, primary_key=True),
        sa.Column("organisation", TEXT, primary_key=True),
        sa.Column("first", sa.BigInteger, nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("carried_by_last", "carried", ["last"])
