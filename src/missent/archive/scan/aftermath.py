"""What came after an exposure, as evidence: bounces, "wrong address", "please delete", recalls, the same mail sent again.

Mails near in time between the people concerned are read, and linked where they say so: a bounce by recipient and
Message-ID, a notice because it answers the mail or comes from its recipient, a second sending because subject or body are
the same and the address is the one that was meant, or like it.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from rapidfuzz.distance import OSA

from missent.archive.scan.digests import of_text
from missent.archive.scan.exposure import Aftermath, Exposure, iso
from missent.archive.scan.fetching import Place, fetch
from missent.archive.scan.reports import read_report
from missent.message.decoding import opening
from missent.message.model import Message
from missent.message.reading import read
from missent.recipients.notices import says_so

BOUNCES = timedelta(days=6)
"""Within which a report still speaks of a message: RFC 5321 4.5.4.1 lets a server try for five days."""

NOTICES = timedelta(days=30)
AGAIN = timedelta(hours=2)
"""Within which the same mail to a neighbouring address is a correction."""

MOST = 60
"""Mails read for one sender's exposures at one time."""

_AFTER = """
SELECT DISTINCT mail.id, mail.at, mail.sender, mail.own, mail.report FROM mail WHERE mail.sender = :sender
  AND mail.at BETWEEN :at AND :again
UNION SELECT mail.id, mail.at, mail.sender, mail.own, mail.report FROM rcpt JOIN mail ON mail.id = rcpt.mail
  WHERE rcpt.person = :sender AND mail.at BETWEEN :at AND :notices AND (mail.report OR mail.notice)
UNION SELECT mail.id, mail.at, mail.sender, mail.own, mail.report FROM rcpt JOIN mail ON mail.id = rcpt.mail
  WHERE rcpt.person = :rcpt AND mail.sender = :sender AND mail.at BETWEEN :at AND :notices
UNION SELECT mail.id, mail.at, mail.sender, mail.own, mail.report FROM mail WHERE mail.sender = :rcpt
  AND mail.at BETWEEN :at AND :notices
ORDER BY 2, 1 LIMIT :most
"""
_COPY = "SELECT source, begin, place FROM copy WHERE mail = ? ORDER BY source, begin LIMIT 1"

_DELETE = re.compile(
    r"(?:please|kindly|must|to)\s+(?:permanently\s+|immediately\s+)?(?:delete|destroy)|bitte\s+(?:\w+\s+){0,3}l\u00f6schen"
    r"|veuillez\s+(?:le\s+|la\s+|les\s+)?supprimer|por\s+favor\s+(?:elimine|borre)|delete (?:it|this|the (?:e-?mail|message))",
    re.IGNORECASE,
)
_RECALL = re.compile(r"\s*(?:recall|r\u00fcckruf|rappel)\s*:|would like to recall the message", re.IGNORECASE)
_PREFIX = re.compile(r"^(?:\s*(?:re|fw|fwd|aw|wg|tr)\s*:)+\s*", re.IGNORECASE)


class Later(NamedTuple):
    """A mail that came after."""

    at: int
    sender: int
    own: bool
    report: bool
    raw: bytes
    message: Message


class Origin(NamedTuple):
    """What of the exposed mail is compared: subject without prefixes, digest of the body."""

    subject: str
    body: str


def link(
    db: sqlite3.Connection,
    exposures: Iterable[Exposure],
    origins: Mapping[int, Origin],
    paths: Mapping[int, tuple[Path, str]],
    own: Callable[[str], bool],
) -> Iterator[Exposure]:
    """Each exposure with its aftermath. `origins` by mail number, `paths` by source number; `own`: whether a host is ours.

    Where no log knows, a report of our own server says that nobody accepted it. Another server's report says nothing: it may
    have accepted the mail and bounced it later.
    """
    waiting = list(exposures)
    after = {(e.number, e.rcpt): _after(db, e) for e in waiting}
    places = {mail: place for rows in after.values() for mail, *_ in rows if (place := _place(db, mail, paths))}
    wanted = {place: mail for mail, place in places.items()}
    raws = {wanted[place]: raw for place, raw in fetch(wanted)}
    for exposure in waiting:
        rows = [row for row in after[exposure.number, exposure.rcpt] if row[0] in raws and row[0] != exposure.number]
        told = [Later(at, who, bool(ours), bool(report), raws[mail], read(raws[mail])) for mail, at, who, ours, report in rows]
        kinds = [(kind, later) for later in told if (kind := _kind(exposure, later, origins.get(exposure.number)))]
        found = sorted({_entry(kind, later) for kind, later in kinds}, key=lambda a: (a.date, a.kind, a.message_id))
        refused = exposure.accepted == "unknown" and any(kind == "bounce" and _refused(later, own) for kind, later in kinds)
        yield replace(exposure, aftermath=tuple(found), accepted="no" if refused else exposure.accepted)


def _entry(kind: str, later: Later) -> Aftermath:
    message_id = later.message.message_id
    return Aftermath(kind, iso(datetime.fromtimestamp(later.at, UTC)) or "", f"<{message_id}>" if message_id else "")


def _refused(later: Later, own: Callable[[str], bool]) -> bool:
    """Whether the report is one of our own server's, which could not hand the mail over."""
    server = read_report(later.raw, later.message).server
    return bool(server) and own(server)


def _after(db: sqlite3.Connection, exposure: Exposure) -> list[tuple[int, int, int, int, int]]:
    if exposure.at is None:
        return []
    at = int(exposure.at.timestamp())
    named = {
        "most": MOST,
        "sender": of_text(exposure.sender),
        "rcpt": of_text(exposure.rcpt),
        "at": at,
        "again": at + int(AGAIN.total_seconds()),
        "notices": at + int(NOTICES.total_seconds()),
    }
    return db.execute(_AFTER, named).fetchall()


def _place(db: sqlite3.Connection, mail: int, paths: Mapping[int, tuple[Path, str]]) -> Place | None:
    row = db.execute(_COPY, (mail,)).fetchone()
    if row is None or row[0] not in paths:
        return None
    path, kind = paths[row[0]]
    return Place(path, kind, row[1], row[2])


def _kind(exposure: Exposure, later: Later, origin: Origin | None) -> str:
    """What a later mail says of the exposure, "" if nothing."""
    if later.report:
        return "bounce" if _bounces(exposure, later) else ""
    if later.own or later.sender == of_text(exposure.sender):
        return _of_the_sender(exposure, later, origin)
    answers = exposure.message_id.strip("<>") in later.message.references
    theirs = any(a.key == exposure.rcpt for a in later.message.from_)  # a neighbour's note is about the neighbour's mail
    text = opening(later.raw, later.message)
    if not (answers or theirs):
        return ""
    if _DELETE.search(text[:1000]):
        return "delete-request"
    return "wrong-address" if says_so(later.message.subject, text) else ""


def _bounces(exposure: Exposure, later: Later) -> bool:
    report = read_report(later.raw, later.message)
    if exposure.rcpt not in report.failed:
        return False
    if report.about and exposure.message_id:
        return report.about == exposure.message_id.strip("<>")
    return exposure.at is not None and later.at - exposure.at.timestamp() <= BOUNCES.total_seconds()


def _of_the_sender(exposure: Exposure, later: Later, origin: Origin | None) -> str:
    rcpts = {a.key for a in later.message.rcpts}
    if exposure.rcpt in rcpts:
        if _RECALL.match(later.message.subject):
            return "recall"
        return "delete-request" if _DELETE.search(opening(later.raw, later.message)[:1000]) else ""
    near = any(key == exposure.meant or neighbours(key, exposure.rcpt) for key in rcpts)
    soon = exposure.at is not None and later.at - exposure.at.timestamp() <= AGAIN.total_seconds()
    same = origin is not None and (
        later.message.body_sha256 == origin.body or topic(later.message.subject) == origin.subject != ""
    )
    return "sent-again" if near and soon and same else ""


def neighbours(key: str, other: str) -> bool:
    """Whether two addresses are two slips apart at most, or the same person elsewhere."""
    (local, _, domain), (local2, _, domain2) = key.rpartition("@"), other.rpartition("@")
    return (local == local2 and domain != domain2) or (domain == domain2 and 0 < OSA.distance(local, local2) <= 2)


def topic(subject: str) -> str:
    """A subject without `Re:` and `Fw:`, to be compared."""
    return " ".join(_PREFIX.sub("", subject).casefold().split())
