"""Counts that follow from the mail, per pair of addresses and per domain: kept by adding, mended when a mail proves older."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from missent.recipients.remembering import Here
from missent.store.people import Ids
from missent.store.rows import many

if TYPE_CHECKING:
    from missent.store.learning import Draft

_PAIR = """INSERT INTO pair (owner, domain, other, sent, received, first, last)
VALUES (:owner, :domain, :other, :sent, :received, :first, :last)
ON CONFLICT (owner, domain, other) DO UPDATE SET sent = pair.sent + excluded.sent, received = pair.received + excluded.received,
  first = CASE WHEN excluded.first < pair.first THEN excluded.first ELSE pair.first END,
  last = CASE WHEN excluded.last > pair.last THEN excluded.last ELSE pair.last END"""
_TRAFFIC = "INSERT INTO traffic (domain, at, mail, sent) VALUES (:domain, :at, :mail, :sent) ON CONFLICT DO NOTHING"
_DOMAIN = """UPDATE domain SET sent = sent + :sent, received = received + :received,
  last = CASE WHEN :last > last THEN :last ELSE last END WHERE id = :domain"""

_MOVE_LETTER = "UPDATE letter SET at = :at WHERE sender = :sender AND rcpt = :rcpt AND at = :was AND mail = :mail"
_MOVE_TRAFFIC = "UPDATE traffic SET at = :at WHERE domain = :domain AND at = :was AND mail = :mail AND sent = :sent"
_BOTH_WAYS = "FROM letter l WHERE l.sender = :owner AND l.rcpt = :other OR l.sender = :other AND l.rcpt = :owner"
_MEND_PAIR = f"""UPDATE pair SET first = (SELECT min(l.at) {_BOTH_WAYS}), last = (SELECT max(l.at) {_BOTH_WAYS})
WHERE owner = :owner AND domain = :domain AND other = :other"""
_MEND_DOMAIN = "UPDATE domain SET last = (SELECT max(t.at) FROM traffic t WHERE t.domain = :domain) WHERE id = :domain"


def add(connection: Connection, drafts: Iterable[Draft], ids: Ids, here: Here) -> None:
    """Count the letters and traffic that the store does not have yet."""
    pairs: dict[tuple[int, int, int], list[int]] = {}
    traffic = []
    for draft in drafts:
        sender = draft.sender.key
        for rcpt in draft.new:
            _count(pairs, (ids.address(sender), ids.domain(rcpt), ids.address(rcpt)), (1, 0), draft.at)
            _count(pairs, (ids.address(rcpt), ids.domain(sender), ids.address(sender)), (0, 1), draft.at)
        counted = _domains(draft.rcpts.keys() - draft.new, ids) if draft.was is not None else set()
        to = _domains(draft.new, ids) - counted if here.has(draft.sender.domain) else set()
        traffic += [{"domain": domain, "at": draft.at, "mail": draft.id, "sent": 1} for domain in to]
        if draft.was is None:
            traffic.append({"domain": ids.domain(sender), "at": draft.at, "mail": draft.id, "sent": 0})
    columns = ("owner", "domain", "other", "sent", "received", "first", "last")
    many(connection, _PAIR, [dict(zip(columns, (*key, *counts), strict=True)) for key, counts in sorted(pairs.items())])
    many(connection, _TRAFFIC, traffic)
    many(connection, _DOMAIN, _by_domain(traffic))


def move(connection: Connection, drafts: list[Draft], ids: Ids, here: Here) -> None:
    """Mend what hangs on the date of mails that a copy shows to be older than the store thought."""
    letters, traffic, pairs = [], [], []
    for draft in drafts:
        sender, ours = draft.sender.key, here.has(draft.sender.domain)
        was = {"at": draft.at, "was": draft.was or 0, "mail": draft.id}
        old = draft.rcpts.keys() - draft.new
        traffic.append({**was, "domain": ids.domain(sender), "sent": 0})
        traffic += [{**was, "domain": domain, "sent": 1} for domain in (_domains(old, ids) if ours else ())]
        for rcpt in old:
            letters.append({**was, "sender": ids.address(sender), "rcpt": ids.address(rcpt)})
            for owner, other in ((sender, rcpt), (rcpt, sender)):
                pairs.append({"owner": ids.address(owner), "domain": ids.domain(other), "other": ids.address(other)})
    many(connection, _MOVE_LETTER, letters)
    many(connection, _MOVE_TRAFFIC, traffic)
    many(connection, _MEND_PAIR, pairs)
    many(connection, _MEND_DOMAIN, [{"domain": domain} for domain in sorted({row["domain"] for row in traffic})])


def _domains(keys: Iterable[str], ids: Ids) -> set[int]:
    return {ids.domain(key) for key in keys}


def _count(pairs: dict[tuple[int, int, int], list[int]], pair: tuple[int, int, int], way: tuple[int, int], at: int) -> None:
    counts = pairs.setdefault(pair, [0, 0, at, at])
    counts[0] += way[0]
    counts[1] += way[1]
    counts[2] = min(counts[2], at)
    counts[3] = max(counts[3], at)


def _by_domain(traffic: list[dict[str, int]]) -> list[dict[str, int]]:
    domains: dict[int, dict[str, int]] = {}
    for row in traffic:
        counts = domains.setdefault(row["domain"], {"domain": row["domain"], "sent": 0, "received": 0, "last": 0})
        counts["sent" if row["sent"] else "received"] += 1
        counts["last"] = max(counts["last"], row["at"])
    return [domains[domain] for domain in sorted(domains)]
