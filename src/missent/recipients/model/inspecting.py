"""What a memory knows of an address or a pair, in numbers: never a word, since none is kept."""

from missent.recipients.model.memory import Memory
from missent.recipients.model.ties import Tie

FEW = 5
"""Fewer people than this are not counted out: a number over four is gossip."""


def about(memory: Memory, address: str, sender: str | None = None) -> dict[str, float]:
    """Of a pair its tie both ways; of an address alone what the whole site does with it. Empty if not known."""
    person = memory.people.known(address)
    if person is None:
        return {}
    if sender is not None:
        known = memory.people.known(sender)
        return _tie(memory.of(known.number).get(person.number)) if known else {}
    site, own = memory.of(0).get(person.number), memory.of(person.number)
    people = sum(own.get(number).received > 0 for number in own.rows)
    known_of = {"mails to it": site.sent, "mails from it": site.received, "contacts": float(len(own.rows))}
    return known_of | ({"people who wrote to it": float(people)} if people >= FEW else {})


def _tie(tie: Tie) -> dict[str, float]:
    return {
        "mails to it": tie.sent,
        "mails to it alone": tie.alone,
        "mails from it": tie.received,
        "mails to it, faded": round(tie.fresh, 2),
        "mails from it, faded": round(tie.back, 2),
        "last mail, seconds since 1970": tie.last,
    }
