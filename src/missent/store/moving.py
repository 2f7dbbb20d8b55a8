"""One step of one held copy, in a transaction: the guarded update on which exactly-once rests, its event, its rows."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from missent.errors import HoldError
from missent.holds import evidence
from missent.holds.consequences import Due
from missent.holds.transitions import after
from missent.nouns.hold import HeldCopy, Hold, Step
from missent.nouns.posting import Parcel
from missent.store.chain import append
from missent.store.documents import copy_of, dump, hold_of, plain
from missent.store.schema import held_copy, hold, posting

_ONCE = frozenset({Parcel.NOTICE, Parcel.REMINDER})
_NEW = insert(posting)
Alias = Callable[[str], str]


def hold_and_copy(connection: Connection, hold_id: str, copy_id: int) -> tuple[Hold, HeldCopy]:
    """A hold (without its other copies) and one copy. Raises HoldError if there is no such copy."""
    kept = connection.execute(select(hold).where(hold.c.id == hold_id)).one_or_none()
    row = connection.execute(select(held_copy).where(held_copy.c.id == copy_id, held_copy.c.hold_id == hold_id)).one_or_none()
    if kept is None or row is None:
        raise HoldError("there is no such held copy")
    return hold_of(kept, (copy_of(row),)), copy_of(row)


def move(connection: Connection, copy: HeldCopy, step: Step, actor: str, at: datetime, **said: str) -> HeldCopy:
    """Take a step; `said` are columns that change with it. Of several at once one wins, the others get HoldError."""
    state = after(copy, step, actor, said.get("corrected_to"))
    values: dict[str, Any] = {"state": state.value, "changed": at, **{name: plain(text) for name, text in said.items()}}
    guarded = update(held_copy).where(held_copy.c.id == copy.id, held_copy.c.state == copy.state.value)
    if connection.execute(guarded.values(values)).rowcount != 1:
        raise HoldError(f"copy {copy.id} was decided by another at the same moment")
    return replace(copy, **{**values, "state": state})


def move_on_record(
    connection: Connection, parent: Hold, copy: HeldCopy, step: tuple[Step, str, datetime], alias: Alias, **said: str
) -> HeldCopy:
    """`move`, with its event in the chain of evidence."""
    taken, actor, at = step
    moved = move(connection, copy, taken, actor, at, **said)
    append(connection, evidence.moved(parent, moved, taken, actor, alias))
    return moved


def post(connection: Connection, hold_id: str, dues: Iterable[Due], created: datetime, *, joining: bool = False) -> None:
    """Write rows of the outbox. With `joining`, copies join the hold's notice and reminder while nobody has taken them up;
    a second notice is written only where it asks and the first one did not (`Due.anew`).
    """
    rows = []
    for due in dues:
        if joining and due.parcel in _ONCE:
            earlier = _latest(connection, hold_id, due.parcel)
            if earlier is not None and earlier.attempts == 0 and earlier.finished is None:
                _extend(connection, earlier, due.copies)
                continue
            if earlier is not None and due.parcel is Parcel.NOTICE and not due.anew:
                continue
        rows.append(_row(hold_id, due, created))
    if rows:
        connection.execute(_NEW, rows)


def _row(hold_id: str, due: Due, created: datetime) -> dict[str, Any]:
    return {
        "parcel": due.parcel.value,
        "hold_id": hold_id,
        "copy_ids": dump(due.copies),
        "created": created,
        "due": due.at,
        "attempts": 0,
        "owner": "",
        "outcome": "",
    }


def _latest(connection: Connection, hold_id: str, parcel: Parcel) -> Row[Any] | None:
    query = select(posting).where(posting.c.hold_id == hold_id, posting.c.parcel == parcel.value)
    return connection.execute(query.order_by(posting.c.id.desc()).limit(1).with_for_update()).one_or_none()


def _extend(connection: Connection, row: Row[Any], copies: tuple[int, ...]) -> None:
    ids = (*json.loads(row.copy_ids), *copies)
    connection.execute(update(posting).where(posting.c.id == row.id).values(copy_ids=dump(ids)))
