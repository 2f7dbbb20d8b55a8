"""The register kept in the store: every change with its audit event in one transaction."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from missent.nouns.action import Action
from missent.nouns.audit import AuditEvent
from missent.recipients.register import Clearance, Document, Exemption, Partner, Register, Restriction
from missent.store.keys import Keys
from missent.store.rows import EngineRows, Rows, many

if TYPE_CHECKING:
    from sqlalchemy import Connection

Entry = Partner | Clearance | Restriction | Exemption | Document

_PARTNERS = "SELECT domain, name, discreet FROM partner ORDER BY domain"
_CLEARANCES = 'SELECT target, ceilings, countries, channel, "groups" FROM clearance ORDER BY target'
_RESTRICTIONS = "SELECT suffix, action, reason FROM restriction ORDER BY suffix"
_DOCUMENTS = "SELECT id, name, fingerprints FROM registered_document ORDER BY id"
_EXEMPTIONS = "SELECT finding, target, owner, reason, expires FROM exemption ORDER BY target, finding"

_PUT = {
    "partner": """INSERT INTO partner (domain, name, discreet) VALUES (:domain, :name, :discreet)
ON CONFLICT (domain) DO UPDATE SET name = excluded.name, discreet = excluded.discreet""",
    "clearance": """INSERT INTO clearance (target, ceilings, countries, channel, "groups")
VALUES (:target, :ceilings, :countries, :channel, :groups)
ON CONFLICT (target) DO UPDATE SET ceilings = excluded.ceilings, countries = excluded.countries, channel = excluded.channel,
"groups" = excluded."groups" """,
    "restriction": """INSERT INTO restriction (suffix, action, reason) VALUES (:suffix, :action, :reason)
ON CONFLICT (suffix) DO UPDATE SET action = excluded.action, reason = excluded.reason""",
    "document": """INSERT INTO registered_document (id, name, fingerprints) VALUES (:id, :name, :fingerprints)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, fingerprints = excluded.fingerprints""",
    "exemption": """INSERT INTO exemption (finding, target, owner, reason, expires)
VALUES (:finding, :target, :owner, :reason, :expires)
ON CONFLICT (finding, target) DO UPDATE SET owner = excluded.owner, reason = excluded.reason, expires = excluded.expires""",
}
_REMOVE = {
    "partner": "DELETE FROM partner WHERE domain = :domain",
    "clearance": "DELETE FROM clearance WHERE target = :target",
    "restriction": "DELETE FROM restriction WHERE suffix = :suffix",
    "document": "DELETE FROM registered_document WHERE id = :id",
    "exemption": "DELETE FROM exemption WHERE finding = :finding AND target = :target",
}


@dataclass(frozen=True, slots=True)
class Key:
    """Which entry: partner's domain, cleared target, restricted suffix, document's id, or exempted target with the finding."""

    kind: Literal["partner", "clearance", "restriction", "exemption", "document"]
    name: str
    finding: str = ""


def read_register(rows: Rows) -> Register:
    """All of the register."""
    return Register(
        tuple(Partner(domain, name, bool(discreet)) for domain, name, discreet in rows.rows(_PARTNERS)),
        tuple(Restriction(suffix, Action.of(action), reason) for suffix, action, reason in rows.rows(_RESTRICTIONS)),
        tuple(Exemption(f, t, o, r, date.fromisoformat(e)) for f, t, o, r, e in rows.rows(_EXEMPTIONS)),
        MappingProxyType({row[0]: _clearance(*row) for row in rows.rows(_CLEARANCES)}),
        tuple(Document(id_, name, _unpacked(octets)) for id_, name, octets in rows.rows(_DOCUMENTS)),
    )


def _clearance(target: str, ceilings: str, countries: str, channel: str, groups: str) -> Clearance:
    levels = tuple(sorted(json.loads(ceilings).items()))
    return Clearance(target, levels, tuple(json.loads(countries)), channel, tuple(json.loads(groups)))


def _unpacked(octets: bytes) -> frozenset[int]:
    return frozenset(value for (value,) in struct.iter_unpack(">Q", octets))


class RegisterBook:
    """Reads and changes the register. `read` and `write` are the store's; both raise StoreError."""

    def __init__(
        self,
        read: Callable[[], AbstractContextManager[Connection]],
        write: Callable[[Callable[[Connection], bool]], bool],
        keys: Keys,
    ) -> None:
        self._read = read
        self._write = write
        self._keys = keys

    def read(self) -> Register:
        """The register as it stands."""
        with self._read() as connection:
            return read_register(EngineRows(connection))

    def put(self, entry: Entry, at: datetime, actor: str) -> None:
        """Add an entry, or change the one with its key."""
        key, row = _key(entry), _row(entry)

        def put(connection: Connection) -> bool:
            many(connection, _PUT[key.kind], [row])
            self._tell(connection, key, "put", actor, at)
            return True

        self._write(put)

    def remove(self, key: Key, at: datetime, actor: str) -> bool:
        """Take an entry out; False if there is none."""
        from sqlalchemy import text

        def remove(connection: Connection) -> bool:
            named = {"partner": "domain", "restriction": "suffix", "document": "id"}.get(key.kind, "target")
            values = {named: key.name} | ({"finding": key.finding} if key.kind == "exemption" else {})
            if not connection.execute(text(_REMOVE[key.kind]), values).rowcount:
                return False
            self._tell(connection, key, "removed", actor, at)
            return True

        return self._write(remove)

    def _tell(self, connection: Connection, key: Key, change: str, actor: str, at: datetime) -> None:
        from missent.store.chain import append

        name = self._keys.alias(key.name) if "@" in key.name else key.name  # evidence holds no plain address
        facts = {"entry": key.kind, "change": change, "name": name} | ({"finding": key.finding} if key.finding else {})
        append(connection, AuditEvent(at, "register.changed", actor, facts))


def _key(entry: Entry) -> Key:
    match entry:
        case Partner():
            return Key("partner", entry.domain)
        case Clearance():
            return Key("clearance", entry.target)
        case Restriction():
            return Key("restriction", entry.suffix)
        case Exemption():
            return Key("exemption", entry.target, entry.finding)
        case Document():
            return Key("document", entry.id)


def _row(entry: Entry) -> dict[str, Any]:
    match entry:
        case Partner():
            return {"domain": entry.domain, "name": entry.name, "discreet": entry.discreet}
        case Clearance():
            lists = {"countries": json.dumps(entry.countries), "groups": json.dumps(entry.groups)}
            ceilings = json.dumps(dict(entry.ceilings), sort_keys=True)
            return {"target": entry.target, "ceilings": ceilings, "channel": entry.channel} | lists
        case Restriction():
            return {"suffix": entry.suffix, "action": entry.action.word, "reason": entry.reason}
        case Exemption():
            row = {"finding": entry.finding, "target": entry.target, "owner": entry.owner, "reason": entry.reason}
            return row | {"expires": entry.expires.isoformat()}
        case Document():
            packed = struct.pack(f">{len(entry.fingerprints)}Q", *sorted(entry.fingerprints))
            return {"id": entry.id, "name": entry.name, "fingerprints": packed}
