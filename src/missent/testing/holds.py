"""Holds in memory: the same port, the same consequences, nothing durable."""

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from missent.errors import HoldError
from missent.holds.book import Decision
from missent.holds.consequences import of_change, of_keeping
from missent.holds.key import joins, lacking
from missent.holds.lessons import Confirmation, Correction, lessons
from missent.holds.transitions import after
from missent.nouns.hold import HeldCopy, Hold, State, Step
from missent.testing.outbox import MemoryOutbox


class MemoryHolds:
    """Implements `missent.holds.book.HoldBook`; one thread only.

    Attributes:
        outbox: where what has to leave is put.
        lessons: what decisions taught, oldest first.
        viewed: how often each hold was looked at.
    """

    def __init__(self) -> None:
        self.outbox = MemoryOutbox(self)
        self.lessons: list[Correction | Confirmation] = []
        self.viewed: Counter[str] = Counter()
        self._holds: dict[str, Hold] = {}
        self._bodies: dict[str, bytes] = {}
        self._open: dict[str, str] = {}
        self._numbers = itertools.count(1)

    def keep(self, hold: Hold, body: bytes) -> Hold:
        """As the port says."""
        earlier = self._holds.get(self._open.get(hold.key, ""))
        joined = earlier if earlier and joins(hold, earlier) else None
        parent = joined or replace(hold, copies=())
        if not joined:
            self._open[hold.key] = hold.id
            self._bodies[hold.id] = body
        new = lacking(parent.copies, hold.copies)
        added = tuple(replace(copy, id=next(self._numbers), changed=hold.created) for copy in new)
        self._holds[parent.id] = replace(parent, copies=(*parent.copies, *added))
        self.outbox.post(parent.id, of_keeping(parent, added, hold.created), hold.created)
        return self._holds[parent.id]

    def get(self, hold_id: str) -> Hold | None:
        """As the port says."""
        return self._holds.get(hold_id)

    def find(
        self, state: State | None = None, limit: int = 100, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[Hold, ...]:
        """As the port says."""
        found = [h for h in self._holds.values() if state is None or any(c.state is state for c in h.copies)]
        found = [h for h in found if (since is None or h.created >= since) and (until is None or h.created < until)]
        return tuple(sorted(found, key=lambda hold: hold.created, reverse=True)[:limit])

    def body(self, hold_id: str) -> bytes:
        """As the port says."""
        if hold_id not in self._bodies:
            raise HoldError("there is no such hold")
        return self._bodies[hold_id]

    def decide(self, decision: Decision) -> HeldCopy:
        """As the port says."""
        parent, copy = self.copy(decision.hold_id, decision.copy_id)
        state = after(copy, decision.step, decision.actor, decision.corrected_to)
        said = {"decided_by": decision.actor, "reason": decision.reason, "corrected_to": decision.corrected_to}
        moved = self.put(parent.id, replace(copy, state=state, changed=decision.at, **said))  # type: ignore[arg-type]
        self.lessons += lessons(parent, moved)
        self.outbox.post(parent.id, of_change(parent, (moved,), decision.at), decision.at)
        return moved

    def expire(self, now: datetime) -> tuple[HeldCopy, ...]:
        """As the port says."""
        expired: list[HeldCopy] = []
        for hold in tuple(self._holds.values()):
            past = [copy for copy in hold.copies if copy.state is State.HELD and copy.expires <= now]
            moved = tuple(self.move(hold.id, copy, Step.EXPIRE, "clock", now) for copy in past)
            self.outbox.post(hold.id, of_change(hold, moved, now), now)
            expired += moved
        return tuple(expired)

    def withdraw(self, hold_id: str, copy_ids: Sequence[int], at: datetime) -> None:
        """As the port says."""
        self._open = {key: id_ for key, id_ in self._open.items() if id_ != hold_id}
        for copy in (self.copy(hold_id, number)[1] for number in copy_ids):
            if copy.state is State.HELD:
                self.move(hold_id, copy, Step.WITHDRAW, "gateway", at)

    def view(self, hold_id: str, actor: str, at: datetime) -> None:
        """Record that somebody looked at a held message."""
        self.viewed[hold_id] += 1

    def copy(self, hold_id: str, copy_id: int) -> tuple[Hold, HeldCopy]:
        """A hold and one of its copies. Raises HoldError if there is no such copy."""
        hold = self._holds.get(hold_id)
        for copy in hold.copies if hold else ():
            if hold and copy.id == copy_id:
                return hold, copy
        raise HoldError("there is no such held copy")

    def move(self, hold_id: str, copy: HeldCopy, step: Step, actor: str, at: datetime) -> HeldCopy:
        """Take a step that says nothing but itself."""
        return self.put(hold_id, replace(copy, state=after(copy, step, actor), changed=at))

    def put(self, hold_id: str, copy: HeldCopy) -> HeldCopy:
        """Replace one copy."""
        hold = self._holds[hold_id]
        self._holds[hold_id] = replace(hold, copies=tuple(copy if c.id == copy.id else c for c in hold.copies))
        return copy
