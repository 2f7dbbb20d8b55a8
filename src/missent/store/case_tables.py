"""Tables of cases. What is searched or changes has a column, the rest is in the document (JSON)."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table, Text

from missent.store.schema import Id, Moment, metadata

case = Table(
    "investigation",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("opened", Moment, nullable=False),
    Column("aware", Moment, nullable=False),
    Column("notified", Moment),
    Column("affected", BigInteger),
)

case_entry = Table(
    "investigation_entry",
    metadata,
    Column("number", Id, primary_key=True),
    Column("case_id", Text, ForeignKey("investigation.id"), nullable=False),
    Column("mail", Text, nullable=False),
    Column("rcpt", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("document", Text, nullable=False),
    Index("investigation_entry_once", "case_id", "mail", "rcpt", unique=True),
)

case_note = Table(
    "investigation_note",
    metadata,
    Column("number", Id, primary_key=True),
    Column("case_id", Text, ForeignKey("investigation.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("words", Text, nullable=False),
    Index("investigation_note_by_case", "case_id"),
)

case_letter = Table(  # an outbox of its own: these letters are about no hold
    "investigation_letter",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Text, ForeignKey("investigation.id"), nullable=False),
    Column("entry", BigInteger, nullable=False),
    Column("created", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    Column("attempts", BigInteger, nullable=False),
    Column("owner", Text, nullable=False),
    Column("leased_until", Moment),
    Column("finished", Moment),
    Column("outcome", Text, nullable=False),
    Column("reply", Text, nullable=False),
    Index("investigation_letter_by_due", "finished", "due"),
    Index("investigation_letter_by_case", "case_id"),
)
