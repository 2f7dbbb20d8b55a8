"""A case: some exposures under assessment, who answers for them, what was decided and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from missent.cases.deadline import Deadline
from missent.cases.states import State, least


@dataclass(frozen=True, slots=True)
class Entry:
    """One exposure of a case.

    Attributes:
        number: within the store.
        exposure: as `missent.exposure/1`.
    """

    number: int
    state: State
    exposure: Mapping[str, Any]

    @property
    def rcpt(self) -> str:
        """Who should not have it."""
        return str(self.exposure["rcpt"])


@dataclass(frozen=True, slots=True)
class Note:
    """Something said or decided: `opened`, `added`, `assess`, `contain`, `notify`, `close`, `reopen`, `note`, `exported`.

    Attributes:
        actor: as in AuditEvent.
        text: the reason, in the words of whoever decided.
    """

    at: datetime
    actor: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A deletion request to a wrong recipient, and what became of it."""

    number: int
    rcpt: str
    state: str
    changed: datetime
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One investigation.

    Attributes:
        id: hexadecimal, unguessable.
        owner: who answers for it.
        affected: people whose data was in the exposed messages; None while nobody has counted.
    """

    id: str
    title: str
    owner: str
    opened: datetime
    deadline: Deadline
    affected: int | None = None
    entries: tuple[Entry, ...] = ()
    notes: tuple[Note, ...] = ()
    letters: tuple[Letter, ...] = field(default=())

    @property
    def state(self) -> State:
        """That of the exposure that is least far on."""
        return least(frozenset(entry.state for entry in self.entries))
