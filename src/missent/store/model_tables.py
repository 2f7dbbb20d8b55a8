"""Tables of the recipient model: the log it learns from, and what it made of it.

`trait` is a log in the order of telling: one row for each time a mail is told with recipients not told before. It holds
keyed hashes only (`missent.recipients.model.traits`); who wrote to whom is history's. `model_page` holds larger things cut
into pages, each under a name with a number that rises: the memory as of a row of the log, the trained model, and under
`forgotten` how often people were removed.
"""

from sqlalchemy import BigInteger, Column, Float, Index, LargeBinary, Table, Text

from missent.store.schema import Id, metadata

trait = Table(
    "trait",
    metadata,
    Column("number", Id, primary_key=True),
    Column("mail", BigInteger, nullable=False),
    Column("rcpts", Text, nullable=False),  # ids of addresses, separated by spaces
    Column("score", Float),  # the highest when it was judged
    Column("octets", LargeBinary, nullable=False),
    Index("trait_by_mail", "mail"),
)

model_page = Table(
    "model_page",
    metadata,
    Column("name", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("octets", LargeBinary, nullable=False),
)
