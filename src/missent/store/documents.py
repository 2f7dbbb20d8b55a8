"""Nouns to rows and back. What the database need not search is one JSON document, ASCII only, so that hostile header
text (NUL, lone surrogates from 8-bit names) is kept exactly and never upsets a database.
"""

import hashlib
import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row

from missent.nouns.address import Address
from missent.nouns.envelope import MailOptions
from missent.nouns.finding import Finding, Severity
from missent.nouns.hold import HeldCopy, Hold, State
from missent.nouns.posting import Parcel, Posting, Progress

_LONGEST_KEY = 512

SENT, POINTLESS = "sent", "pointless"
"""What `posting.outcome` says of a row done with; otherwise it holds the next hop's last word."""


def plain(text: str) -> str:
    """Text any database takes: NUL and lone surrogates become U+FFFD."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode() if not text.isascii() or "\0" in text else text


def bounded(key: str) -> str:
    """A key short enough for every index; a longer one is digested, so that it still tells two apart."""
    if len(key) <= _LONGEST_KEY and key.isprintable():
        return key
    return "sha256:" + hashlib.sha256(json.dumps(key).encode()).hexdigest()


def dump(value: Any) -> str:
    """JSON in ASCII."""
    return json.dumps(value, separators=(",", ":"))


def hold_row(hold: Hold) -> dict[str, Any]:
    """Values of a new row of `hold`."""
    document = {
        "mail_from": _address(hold.mail_from),
        "message_id": hold.message_id,
        "key": hold.key,
        "policy": hold.policy,
        "size": hold.size,
        "options": asdict(hold.options),
        "references": hold.references,
        "traits": hold.traits.hex(),
        "score": hold.score,
    }
    return {
        "id": hold.id,
        "created": hold.created,
        "open_key": hold.key,
        "sender": bounded(hold.mail_from.key) if hold.mail_from else "",
        "asks_sender": hold.asks_sender,
        "document": dump(document),
    }


def hold_of(row: Row[Any], copies: tuple[HeldCopy, ...]) -> Hold:
    """The reverse of `hold_row`."""
    said = json.loads(row.document)
    return Hold(
        id=row.id,
        created=row.created,
        mail_from=Address(*said["mail_from"]) if said["mail_from"] else None,
        message_id=said["message_id"],
        key=said["key"],
        asks_sender=row.asks_sender,
        policy=said["policy"],
        size=said["size"],
        copies=copies,
        options=MailOptions(**said["options"]),
        references=tuple(said["references"]),
        traits=bytes.fromhex(said.get("traits", "")),
        score=said.get("score"),
    )


def copy_row(hold: Hold, copy: HeldCopy) -> dict[str, Any]:
    """Values of a new row of `held_copy`."""
    document = {
        "rcpt": _address(copy.rcpt),
        "rule": copy.rule,
        "decide": copy.decide,
        "findings": [_finding(finding) for finding in copy.findings],
        "suggestion": copy.suggestion,
        "notify": copy.notify,
        "orcpt": copy.orcpt,
    }
    return {
        "hold_id": hold.id,
        "rcpt_key": bounded(copy.rcpt.key),
        "state": copy.state.value,
        "expires": copy.expires,
        "document": dump(document),
        "changed": copy.changed,
        "corrected_to": copy.corrected_to,
        "decided_by": copy.decided_by,
        "reason": copy.reason,
        "reply": copy.reply,
    }


def copy_of(row: Row[Any]) -> HeldCopy:
    """The reverse of `copy_row`."""
    said = json.loads(row.document)
    return HeldCopy(
        id=row.id,
        rcpt=Address(*said["rcpt"]),
        state=State(row.state),
        rule=said["rule"],
        decide=said["decide"],
        findings=tuple(Finding(**{**f, "severity": Severity(f["severity"])}) for f in said["findings"]),
        expires=row.expires,
        suggestion=said["suggestion"],
        corrected_to=row.corrected_to,
        notify=said["notify"],
        orcpt=said["orcpt"],
        changed=row.changed,
        decided_by=row.decided_by,
        reason=row.reason,
        reply=row.reply,
    )


def posting_of(row: Row[Any]) -> Posting:
    """A row of `posting` as the worker gets it."""
    return Posting(row.id, Parcel(row.parcel), row.hold_id, tuple(json.loads(row.copy_ids)), row.attempts, row.created)


def progress_of(row: Row[Any]) -> Progress:
    """A row of `posting` as the console shows it."""
    reply = "" if row.outcome in (SENT, POINTLESS) else row.outcome
    failed = row.finished is not None and bool(reply)
    about = (Parcel(row.parcel), row.hold_id, tuple(json.loads(row.copy_ids)))
    return Progress(*about, row.attempts, row.due, row.finished, failed, reply)


def _address(address: Address | None) -> tuple[str, str, str, str] | None:
    return (address.local, address.domain, address.name, address.written) if address else None


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "severity": int(finding.severity),
        "confidence": finding.confidence,
        "rcpt": finding.rcpt,
        "suggestion": finding.suggestion,
        "evidence": dict(finding.evidence),
    }
