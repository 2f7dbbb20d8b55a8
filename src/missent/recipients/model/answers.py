"""Who wrote what a mail quotes: how far each person bears that name, and which absent contact does."""

from collections.abc import Set
from typing import NamedTuple

from missent.recipients.model.letter import Mail
from missent.recipients.model.marks import Marks
from missent.recipients.model.memory import Memory
from missent.recipients.model.people import Person
from missent.recipients.model.ties import Ties

WHOLE = 2.0
"""Parts of a name that make it somebody's: given name and surname. More are no surer, the address itself is."""
ADDRESS = 3.0


class Absent(NamedTuple):
    """The contact who wrote what is quoted and is not among the recipients: how many parts of the name fit, at most `WHOLE`."""

    person: Person | None = None
    parts: float = 0.0


NOBODY = Absent()


def bears(marks: Marks, names: Set[int]) -> float:
    """How far a person is the one named: 3 by address, 2 by given name and surname, 1 by one of them, 0 not."""
    if marks.address in names:
        return ADDRESS
    return min(float(len(marks.parts & names)), WHOLE)


def absent(memory: Memory, mail: Mail, ties: Ties, here: Set[int]) -> Absent:
    """The sender's contact who bears most of the quoted author's name; of several the one written to most lately."""
    if not mail.traits.author:
        return NOBODY
    sender = memory.people.known(mail.sender)
    called = memory.people.called(mail.traits.author, ties.rows.keys() - here)
    if sender:
        called.pop(sender.number, None)
    if not called:
        return NOBODY
    best = max(called, key=lambda n: (min(called[n], WHOLE), ties.fresh(n), -n))
    return Absent(memory.people.numbered(best), min(float(called[best]), WHOLE))
