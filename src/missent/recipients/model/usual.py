"""Who is missing: somebody who nearly always stands beside a recipient in the sender's mail, and does not this time."""

import numpy as np

from missent.recipients.model.features import Look
from missent.recipients.weighing import Absent

LEAST = 8
"""Mails to a recipient before anybody beside it is usual."""
SHARE = 0.9
"""Of these mails, beside how many somebody must have stood to be missed."""
ASKED = 100
"""Contacts asked about, those written to most lately."""


def absent(look: Look) -> dict[str, Absent]:
    """By recipient address the one most surely missed there; nobody is missed who writes or stands in the mail."""
    memory, ties = look.memory, look.ties
    known = [r for r in look.rcpts if ties.get(r.number).sent >= LEAST]
    if not known:
        return {}
    here = {r.number for r in look.rcpts}
    contacts = sorted((n for n in ties.rows if n not in here and n > 1), key=lambda n: (-ties.fresh(n), n))[:ASKED]
    people = [memory.people.numbered(n) for n in contacts if ties.get(n).sent >= LEAST * SHARE]
    if not people:
        return {}
    keys = np.array([memory.pair(look.sender, r.number) for r in known], np.uint64)
    stood = memory.sketch.counts(keys, np.array([memory.hash("C", p.address) for p in people], np.uint64))
    found = {}
    for row, rcpt in enumerate(known):
        sent = int(ties.get(rcpt.number).sent)
        best = int(stood[row].argmax())
        together = min(int(stood[row, best]), sent)
        if together >= SHARE * sent:
            found[rcpt.address] = Absent(people[best].address, together, sent)
    return found
