"""What the shards told, joined: copies of one mail made one, and who wrote to whom counted over all of them.

All in SQL on disk: sorting spills to files, so memory does not grow with the archive; and nothing depends on the order
of shards, so every engine comes to the same.
"""

import sqlite3

from missent.archive.scan.logged import take_transits
from missent.archive.scan.plan import Plan
from missent.archive.scan.state import State, connected

_TABLES = """
CREATE TABLE copy(one INTEGER, same INTEGER, message_id INTEGER, at INTEGER, sender INTEGER, flags INTEGER,
  source INTEGER, begin INTEGER, place TEXT, octets INTEGER, mail INTEGER);
CREATE TABLE told(one INTEGER, person INTEGER);
CREATE TABLE ref1(one INTEGER, ref INTEGER);
CREATE TABLE person(id INTEGER PRIMARY KEY, local TEXT, domain TEXT, own INTEGER);
CREATE TABLE name(person INTEGER, name TEXT, PRIMARY KEY(person, name)) WITHOUT ROWID;
CREATE TABLE log_id(one INTEGER PRIMARY KEY, message_id TEXT);
CREATE TABLE held1(one INTEGER, scheme TEXT, level TEXT);
CREATE TABLE skipped(source INTEGER, place TEXT, reason TEXT, lost INTEGER, octets INTEGER);
"""

_FROM_SHARD = """
INSERT INTO copy SELECT *, one FROM shard.copy;
INSERT INTO told SELECT * FROM shard.rcpt;
INSERT INTO ref1 SELECT * FROM shard.ref;
INSERT OR IGNORE INTO person SELECT * FROM shard.person;
INSERT OR IGNORE INTO name SELECT * FROM shard.name;
INSERT INTO held1 SELECT * FROM shard.held;
INSERT INTO skipped SELECT * FROM shard.skipped;
"""

_LINKS = """
CREATE INDEX copy_same ON copy(same);
CREATE TEMP TABLE link AS SELECT DISTINCT copy.one AS a, low AS b FROM copy
  JOIN (SELECT same, min(one) AS low FROM copy GROUP BY same HAVING min(one) != max(one)) USING (same) WHERE copy.one != low;
CREATE TEMP TABLE label(one INTEGER PRIMARY KEY, mail INTEGER);
INSERT INTO label SELECT a, a FROM link UNION SELECT b, b FROM link;
CREATE INDEX temp.link_a ON link(a);
CREATE INDEX temp.link_b ON link(b);
"""

_LOWER = """
UPDATE label SET mail = better.mail FROM (
  SELECT one, min(mail) AS mail FROM (
    SELECT a AS one, label.mail FROM link JOIN label ON label.one = b
    UNION ALL SELECT b, label.mail FROM link JOIN label ON label.one = a) GROUP BY one
) AS better WHERE better.one = label.one AND better.mail < label.mail
"""

_MAILS = """
UPDATE copy SET mail = label.mail FROM label WHERE label.one = copy.one;
CREATE TABLE mail(id INTEGER PRIMARY KEY, at INTEGER, sender INTEGER, own INTEGER, person INTEGER, report INTEGER,
  notice INTEGER, copies INTEGER);
-- flags as in `taking`: 1 own, 2 person, 4 report, 8 notice
INSERT INTO mail SELECT mail, coalesce(min(CASE WHEN at >= 0 THEN at END), -1), max(sender), max(flags & 1 != 0),
  max(flags & 2 != 0), max(flags & 4 != 0), max(flags & 8 != 0), count(*)
  FROM copy GROUP BY mail ORDER BY mail;
CREATE TABLE rcpt(mail INTEGER, person INTEGER, PRIMARY KEY(mail, person)) WITHOUT ROWID;
INSERT INTO rcpt SELECT DISTINCT coalesce(label.mail, told.one) AS m, person FROM told LEFT JOIN label ON label.one = told.one
  ORDER BY m, person;
DROP TABLE told;
CREATE TABLE ref(mail INTEGER, ref INTEGER, PRIMARY KEY(mail, ref)) WITHOUT ROWID;
INSERT INTO ref SELECT DISTINCT coalesce(label.mail, ref1.one) AS m, ref FROM ref1 LEFT JOIN label ON label.one = ref1.one
  ORDER BY m, ref;
DROP TABLE ref1;
CREATE TABLE held(mail INTEGER, scheme TEXT, level TEXT, PRIMARY KEY(scheme, level, mail)) WITHOUT ROWID;
INSERT INTO held SELECT DISTINCT coalesce(label.mail, held1.one), scheme, level FROM held1
  LEFT JOIN label ON label.one = held1.one;
DROP TABLE held1;
CREATE TABLE pair(sender INTEGER, rcpt INTEGER, sent INTEGER, first INTEGER, last INTEGER, asked INTEGER,
  PRIMARY KEY(sender, rcpt)) WITHOUT ROWID;
INSERT INTO pair SELECT mail.sender AS s, rcpt.person AS r, count(*), min(mail.at), max(mail.at),
  min(CASE WHEN mail.person AND mail.at >= 0 THEN mail.at END)
  FROM rcpt JOIN mail ON mail.id = rcpt.mail WHERE mail.sender != 0 GROUP BY s, r;
CREATE INDEX pair_rcpt ON pair(rcpt, sender, sent);
CREATE INDEX rcpt_person ON rcpt(person, mail);
CREATE INDEX mail_sender ON mail(sender, at);
CREATE INDEX copy_mail ON copy(mail);
CREATE INDEX copy_message_id ON copy(message_id) WHERE message_id != 0;
CREATE INDEX ref_ref ON ref(ref);
CREATE INDEX person_domain ON person(domain, local);
DROP INDEX copy_same;
"""


def join(state: State) -> None:
    """Make `facts.db` of all shards; nothing is done if it is there. Raises sqlite3.Error, OSError if the disk is full."""
    if state.facts.is_file():
        return
    fresh = state.facts.with_suffix(".new")
    for old in state.folder.glob(fresh.name + "*"):
        old.unlink()
    with connected(fresh) as db:
        db.executescript(_TABLES)
        for shard in range(Plan(state).shards()):
            _take(db, str(state.shard(shard)))
        if state.ledger.is_file():
            take_transits(db, state.ledger)
        db.executescript(_LINKS)
        while db.execute(_LOWER).rowcount:
            pass
        db.executescript(_MAILS)
        db.execute("ANALYZE")
        db.execute("PRAGMA journal_mode = DELETE")
    fresh.replace(state.facts)


def _take(db: sqlite3.Connection, shard: str) -> None:
    db.execute("ATTACH ? AS shard", (shard,))
    db.executescript(f"BEGIN; {_FROM_SHARD} COMMIT")
    db.execute("DETACH shard")
