"""Tables of history: who wrote to whom and when; no subject, no text.

Addresses and display names stand in the clear: suggestions are made of them. Message-IDs are digests. All moments are
microseconds since 1970 UTC (`missent.recipients.remembering`). What is said of a mail stands once in `mail` and
`letter`; `pair`, `traffic`, `domain` and `answer` follow from them and save the counting. The tables that grow with the
mail carry no foreign keys: one learner writes them, and three look-ups a letter would double its work.
"""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, LargeBinary, SmallInteger, Table, Text

from missent.store.schema import Id, metadata

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
"""Compared by code point everywhere, as SQLite does."""


def _key(name: str) -> Column[int]:
    return Column(name, BigInteger, primary_key=True, autoincrement=False)


domain = Table(
    "domain",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", TEXT, nullable=False, unique=True),
    Column("organisation", TEXT, nullable=False),  # registrable domain, or the domain itself
    Column("established", BigInteger),  # since when; NULL if it is not
    Column("sent", BigInteger, nullable=False, server_default="0"),  # mails from here to it
    Column("received", BigInteger, nullable=False, server_default="0"),
    Column("last", BigInteger, nullable=False, server_default="0"),
)

address = Table(
    "address",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", TEXT, nullable=False, unique=True),
    Column("domain", BigInteger, ForeignKey("domain.id"), nullable=False),
    Column("first", BigInteger, nullable=False),
    Index("address_by_domain", "domain", "key", "first"),
)

name = Table(
    "name",
    metadata,
    _key("address"),
    Column("name", TEXT, primary_key=True),
    Column("first", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

alias = Table(  # keys of `missent.recipients.likeness`
    "alias",
    metadata,
    Column("key", TEXT, primary_key=True),
    _key("address"),
    Column("first", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

mail = Table(
    "mail",
    metadata,
    Column("id", Id, primary_key=True),
    Column("identity", LargeBinary, nullable=False, unique=True),  # 16 octets
    Column("message_id", LargeBinary),
    Column("at", BigInteger, nullable=False),
    Column("sender", BigInteger),  # NULL once forgotten
    Column("person", Boolean, nullable=False),
    Column("role", SmallInteger, nullable=False),  # missent.store.answers.Role
    Column("refers", Boolean, nullable=False),  # whether it names messages it replies to
    Column("answers", BigInteger),  # the moment at which it answers mail from here; NULL if it does not
    Column("closed", Boolean, nullable=False),  # one of its people was forgotten: copies add nothing
    Index("mail_by_message_id", "message_id"),
)

letter = Table(  # one mail to one recipient
    "letter",
    metadata,
    *map(_key, ("sender", "rcpt", "at", "mail")),
    Index("letter_by_rcpt", "rcpt", "at", "mail"),
    Index("letter_by_mail", "mail", "rcpt"),
    sqlite_with_rowid=False,
)

reference = Table(  # a Message-ID, and the mail that refers to it
    "reference",
    metadata,
    Column("message_id", LargeBinary, primary_key=True),
    _key("mail"),
    sqlite_with_rowid=False,
)

pair = Table(  # what `owner` wrote to `other` and got from it; `domain` is the other's
    "pair",
    metadata,
    *map(_key, ("owner", "domain", "other")),
    *(Column(count, BigInteger, nullable=False) for count in ("sent", "received", "first", "last")),
    sqlite_with_rowid=False,
)

traffic = Table(  # one mail and one domain: sent from here to it (1), or come from it (0)
    "traffic",
    metadata,
    *map(_key, ("domain", "at", "mail")),
    Column("sent", SmallInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

answer = Table(  # mail that answers mail from here, by mail domain and by registrable domain
    "answer", metadata, *map(_key, ("domain", "at", "mail")), sqlite_with_rowid=False
)

carried = Table(  # keyed hashes of an attachment (of its octets, of its rarest words), and who had it from or before us
    "carried",
    metadata,
    Column("mark", LargeBinary, primary_key=True),
    Column("organisation", TEXT, primary_key=True),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Index("carried_by_last", "last"),
    sqlite_with_rowid=False,
)

marked = Table(  # a message's high-water mark, by the hash of its Message-ID
    "marked",
    metadata,
    Column("message_id", LargeBinary, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("scheme", "level", "controls", "text")),  # controls: JSON list
    Column("at", BigInteger, nullable=False),
    Index("marked_by_at", "at"),
    sqlite_with_rowid=False,
)

source = Table(  # how far an archive was learned
    "source",
    metadata,
    Column("path", TEXT, primary_key=True),
    Column("stamp", Text, nullable=False),  # what the file was like: changes when it is another file or was rewritten
    Column("next", BigInteger, nullable=False),  # octet from which to read on
    Column("finished", Boolean, nullable=False),
)
