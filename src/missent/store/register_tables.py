"""Tables of the register and of policies; rows as `missent.recipients.register` describes them."""

from sqlalchemy import BigInteger, Boolean, Column, LargeBinary, Table, Text

from missent.store.history_tables import TEXT
from missent.store.schema import Id, metadata

partner = Table(
    "partner",
    metadata,
    Column("domain", TEXT, primary_key=True),
    Column("name", Text, nullable=False),
    Column("discreet", Boolean, nullable=False),
)

clearance = Table(
    "clearance",
    metadata,
    Column("target", TEXT, primary_key=True),
    Column("ceilings", Text, nullable=False),  # JSON object: scheme -> level
    Column("countries", Text, nullable=False),  # JSON list
    Column("channel", Text, nullable=False),
    Column("groups", Text, nullable=False),  # JSON list
)

restriction = Table(
    "restriction",
    metadata,
    Column("suffix", TEXT, primary_key=True),
    Column("action", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

exemption = Table(
    "exemption",
    metadata,
    Column("finding", TEXT, primary_key=True),
    Column("target", TEXT, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("expires", Text, nullable=False),  # ISO 8601 date, the last day on which it holds
)

registered_document = Table(
    "registered_document",
    metadata,
    Column("id", TEXT, primary_key=True),
    Column("name", Text, nullable=False),
    Column("fingerprints", LargeBinary, nullable=False),  # keyed 64-bit hashes, big-endian, ascending
)

policy = Table(  # the newest row is the active one
    "policy",
    metadata,
    Column("number", Id, primary_key=True),
    Column("version", Text, nullable=False),  # "sha256:…" of the text
    Column("text", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
)
