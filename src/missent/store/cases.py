"""Cases kept: every change with its note and its audit event in one transaction."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, insert, select, update

from missent.cases.deadline import Deadline
from missent.cases.model import Case, Entry, Letter, Note
from missent.cases.states import State, Step, after
from missent.errors import CaseError
from missent.nouns.audit import AuditEvent
from missent.store.case_tables import case, case_entry, case_letter, case_note
from missent.store.chain import append

if TYPE_CHECKING:
    from missent.store.opened import Store


@dataclass(frozen=True, slots=True)
class By:
    """Who does something, when, and why in their own words."""

    actor: str
    at: datetime
    reason: str = ""


class Cases:
    """The cases of one store. All raise StoreError; what names a case raises CaseError if there is none."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def open(self, title: str, owner: str, aware: datetime, by: By) -> str:
        """Open a case; its id. `aware`: when somebody became aware, from which the 72 hours run."""
        id_ = secrets.token_hex(6)

        def write(connection: Connection) -> str:
            row = {"id": id_, "title": title, "owner": owner, "opened": by.at, "aware": aware}
            connection.execute(insert(case).values(row))
            _tell(connection, id_, "opened", by, {})
            return id_

        return self._store.write(write)

    def add(self, id_: str, exposures: Iterable[Mapping[str, Any]], by: By) -> int:
        """Add exposures (`missent.exposure/1`); how many were new to the case."""
        given = list(exposures)

        def write(connection: Connection) -> int:
            _named(connection, id_)
            there = {(row.mail, row.rcpt) for row in connection.execute(_entries(id_))}
            fresh = {(str(e.get("number") or e["message_id"]), str(e["rcpt"])): e for e in given}
            rows = [
                {"case_id": id_, "mail": mail, "rcpt": rcpt, "state": State.FOUND, "document": json.dumps(dict(e))}
                for (mail, rcpt), e in fresh.items()
                if (mail, rcpt) not in there
            ]
            if rows:
                connection.execute(insert(case_entry), rows)
            _tell(connection, id_, "added", by, {"exposures": len(rows)})
            return len(rows)

        return self._store.write(write)

    def step(self, id_: str, step: Step, by: By, chosen: Callable[[Entry], bool] = lambda _: True) -> int:
        """Move exposures on, all or the chosen ones; how many. Raises CaseError if one of them may not, and moves none then."""

        def write(connection: Connection) -> int:
            entries = [entry for entry in _read_entries(connection, _named(connection, id_).id) if chosen(entry)]
            for entry in entries:
                state = after(entry.state, step)
                connection.execute(update(case_entry).where(case_entry.c.number == entry.number).values(state=state))
            if step is Step.NOTIFY:
                connection.execute(update(case).where(case.c.id == id_, case.c.notified.is_(None)).values(notified=by.at))
            if step is Step.CONTAIN:
                _ask_to_delete(connection, id_, entries, by.at)
            _tell(connection, id_, step, by, {"exposures": len(entries)})
            return len(entries)

        return self._store.write(write)

    def note(self, id_: str, by: By, affected: int | None = None) -> None:
        """Write something down, and how many people are affected."""

        def write(connection: Connection) -> None:
            _named(connection, id_)
            if affected is not None:
                connection.execute(update(case).where(case.c.id == id_).values(affected=affected))
            _tell(connection, id_, "note", by, {} if affected is None else {"affected": affected})

        self._store.write(write)

    def exported(self, id_: str, manifest: str, by: By) -> None:
        """Remember that a bundle with a manifest of this SHA-256 was handed out."""

        def write(connection: Connection) -> None:
            _named(connection, id_)
            _tell(connection, id_, "exported", by, {"manifest": manifest})

        self._store.write(write)

    def get(self, id_: str) -> Case:
        """One case with everything in it."""
        with self._store.read() as connection:
            row = _named(connection, id_)
            notes = connection.execute(select(case_note).where(case_note.c.case_id == id_).order_by(case_note.c.number))
            return Case(
                row.id,
                row.title,
                row.owner,
                row.opened,
                Deadline(row.aware, row.notified),
                row.affected,
                tuple(_read_entries(connection, id_)),
                tuple(Note(n.at, n.actor, n.kind, n.words) for n in notes),
                tuple(_letters(connection, id_)),
            )

    def ids(self) -> list[str]:
        """All cases, oldest first."""
        with self._store.read() as connection:
            return [row.id for row in connection.execute(select(case.c.id).order_by(case.c.opened, case.c.id))]


def _named(connection: Connection, id_: str) -> Row[Any]:
    row = connection.execute(select(case).where(case.c.id == id_)).one_or_none()
    if row is None:
        raise CaseError(f"there is no case {id_}, see `missent case list`")
    return row


def _entries(id_: str) -> Any:
    return select(case_entry).where(case_entry.c.case_id == id_).order_by(case_entry.c.number)


def _read_entries(connection: Connection, id_: str) -> list[Entry]:
    return [Entry(row.number, State(row.state), json.loads(row.document)) for row in connection.execute(_entries(id_))]


def _ask_to_delete(connection: Connection, id_: str, entries: Sequence[Entry], at: datetime) -> None:
    """One letter an exposure that was not refused; whom nobody accepted mail for need not be asked."""
    rows = [
        {
            "case_id": id_,
            "entry": entry.number,
            "created": at,
            "due": at,
            "attempts": 0,
            "owner": "",
            "outcome": "",
            "reply": "",
        }
        for entry in entries
        if entry.exposure.get("accepted") != "no"
    ]
    if rows:
        connection.execute(insert(case_letter), rows)


def _letters(connection: Connection, id_: str) -> list[Letter]:
    query = select(case_letter, case_entry.c.rcpt).join(case_entry, case_entry.c.number == case_letter.c.entry)
    rows = connection.execute(query.where(case_letter.c.case_id == id_).order_by(case_letter.c.id))
    return [Letter(row.id, row.rcpt, row.outcome or "waiting", row.finished or row.created, row.reply) for row in rows]


def _tell(connection: Connection, id_: str, kind: str, by: By, facts: dict[str, int | str]) -> None:
    """The note for people, with its words; the event for the chain, without."""
    row = {"case_id": id_, "at": by.at, "actor": by.actor, "kind": kind, "words": by.reason}
    connection.execute(insert(case_note).values(row))
    append(connection, AuditEvent(by.at, f"case.{kind}", by.actor, {"case": id_, **facts}))
