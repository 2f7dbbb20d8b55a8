"""The facts of an archive: who wrote to whom, when, in how many copies; a database for each table, put together side by side.

One SQLite file has one writer; so each table has a file of its own, which some worker makes. Whoever asks has all of them at
once, and names tables as if they were one database.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import NamedTuple

from missent.archive.scan.state import CACHE_KIB, State, connected, quoted


class Made(NamedTuple):
    """How one of the databases is made.

    Attributes:
        tables: what is in it.
        of_range: what to take from each range of mails, attached as `part`.
        of_shard: what to take from each shard, attached as `shard`, beside the `labels`.
        after: what is left to do.
    """

    tables: str
    of_range: str = ""
    of_shard: str = ""
    after: str = ""


PEOPLE = Made(
    """
CREATE TABLE person(id INTEGER PRIMARY KEY, local TEXT, domain TEXT, own INTEGER);
CREATE TABLE name(person INTEGER, name TEXT, PRIMARY KEY(person, name)) WITHOUT ROWID;
CREATE TABLE log_id(one INTEGER PRIMARY KEY, message_id TEXT);
CREATE TABLE held(mail INTEGER, scheme TEXT, level TEXT, PRIMARY KEY(scheme, level, mail)) WITHOUT ROWID;
CREATE TABLE skipped(source INTEGER, place TEXT, reason TEXT, lost INTEGER, octets INTEGER);
""",
    of_shard="""
INSERT OR IGNORE INTO person SELECT * FROM shard.person;
INSERT OR IGNORE INTO name SELECT * FROM shard.name;
INSERT OR IGNORE INTO log_id SELECT * FROM shard.log_id;
INSERT OR IGNORE INTO held SELECT coalesce(label.mail, held.one), scheme, level FROM shard.held AS held
  LEFT JOIN labels.label ON label.one = held.one;
INSERT INTO skipped SELECT * FROM shard.skipped;
""",
    after="""
CREATE INDEX person_domain ON person(domain, local);
CREATE TABLE domain(name TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO domain SELECT DISTINCT domain FROM person ORDER BY domain;
""",
)

MAIL = Made(
    """
CREATE TABLE copy(one INTEGER, same INTEGER, message_id INTEGER, at INTEGER, sender INTEGER, flags INTEGER,
  source INTEGER, begin INTEGER, place TEXT, octets INTEGER, mail INTEGER);
CREATE TABLE mail(id INTEGER PRIMARY KEY, at INTEGER, sender INTEGER, own INTEGER, person INTEGER, report INTEGER,
  notice INTEGER, copies INTEGER);
""",
    of_range="INSERT INTO copy SELECT * FROM part.copy; INSERT INTO mail SELECT * FROM part.mail;",
    after="""
CREATE INDEX mail_sender ON mail(sender, at);
CREATE INDEX copy_mail ON copy(mail);
CREATE INDEX copy_message_id ON copy(message_id) WHERE message_id != 0;
""",
)

RCPT = Made(
    "CREATE TABLE rcpt(mail INTEGER, person INTEGER, PRIMARY KEY(mail, person)) WITHOUT ROWID;",
    of_range="INSERT INTO rcpt SELECT mail, person FROM part.rcpt ORDER BY mail, person;",
    after="CREATE INDEX rcpt_person ON rcpt(person, mail);",
)

PAIR = Made(
    """
CREATE TABLE pair(sender INTEGER, rcpt INTEGER, sent INTEGER, first INTEGER, last INTEGER, asked INTEGER,
  PRIMARY KEY(sender, rcpt)) WITHOUT ROWID;
CREATE TEMP TABLE told(sender INTEGER, rcpt INTEGER, sent INTEGER, first INTEGER, last INTEGER, asked INTEGER);
""",
    of_range="INSERT INTO told SELECT * FROM part.pair;",
    after="""
INSERT INTO pair SELECT sender AS s, rcpt AS r, sum(sent), min(first), max(last), min(asked) FROM told GROUP BY s, r;
CREATE INDEX pair_rcpt ON pair(rcpt, sender, sent);
""",
)

REF = Made(
    """
CREATE TABLE ref(mail INTEGER, ref INTEGER, PRIMARY KEY(mail, ref)) WITHOUT ROWID;
CREATE TEMP TABLE told(mail INTEGER, ref INTEGER);
""",
    of_shard="""
INSERT INTO told SELECT coalesce(label.mail, ref.one), ref FROM shard.ref AS ref LEFT JOIN labels.label ON label.one = ref.one;
""",
    after="""
INSERT INTO ref SELECT DISTINCT mail AS m, ref AS r FROM told ORDER BY m, r;
CREATE INDEX ref_ref ON ref(ref);
""",
)

FACTS: Mapping[str, Made] = MappingProxyType({"people": PEOPLE, "mail": MAIL, "rcpt": RCPT, "pair": PAIR, "ref": REF})
"""By the names of their files; the first is there when all are."""

RANGE = (
    MAIL.tables
    + RCPT.tables
    + """
CREATE TABLE pair(sender INTEGER, rcpt INTEGER, sent INTEGER, first INTEGER, last INTEGER, asked INTEGER);
CREATE TEMP TABLE told(mail INTEGER, person INTEGER);
"""
)
"""What a range of mails is gathered into."""

RANGE_AFTER = """
-- flags as in `taking`: 1 own, 2 person, 4 report, 8 notice
INSERT INTO mail SELECT mail, coalesce(min(CASE WHEN at >= 0 THEN at END), -1), max(sender), max(flags & 1 != 0),
  max(flags & 2 != 0), max(flags & 4 != 0), max(flags & 8 != 0), count(*)
  FROM copy GROUP BY mail ORDER BY mail;
INSERT INTO rcpt SELECT DISTINCT mail AS m, person AS p FROM told ORDER BY m, p;
INSERT INTO pair SELECT mail.sender AS s, rcpt.person AS r, count(*), min(mail.at), max(mail.at),
  min(CASE WHEN mail.person AND mail.at >= 0 THEN mail.at END)
  FROM rcpt JOIN mail ON mail.id = rcpt.mail WHERE mail.sender != 0 GROUP BY s, r;
"""


@contextmanager
def opened(state: State) -> Iterator[sqlite3.Connection]:
    """All facts, read-only, as one database; temporary tables may be made."""
    first, *others = FACTS
    with connected(state.table(first), read_only=True) as db:
        for name in others:
            db.execute(f"ATTACH ? AS {name}_facts", (f"file:{quoted(state.table(name))}?mode=ro",))
            db.execute(f"PRAGMA {name}_facts.cache_size = -{CACHE_KIB // 4}")
        yield db
