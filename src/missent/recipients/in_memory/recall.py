"""How the in-memory history answers a question: only from mail before the question's moment."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from itertools import combinations, islice
from typing import TYPE_CHECKING

from missent.nouns.address import Address
from missent.nouns.verdict import Marking
from missent.recipients import remembering as rules
from missent.recipients.history import Contact, DomainFacts, Known, Question
from missent.recipients.likeness import likeness_keys, local_keys, name_keys
from missent.recipients.remembering import micros, moment

if TYPE_CHECKING:
    from missent.recipients.in_memory.history import MemoryHistory, Pair, Person


def recall(history: MemoryHistory, question: Question) -> Known:
    """Everything known of the question's sender, recipients, domains and thread."""
    at = micros(question.at)
    sender = question.sender.key if question.sender else ""
    keys = [a.key for a in question.rcpts]
    alike = _alike(history, frozenset().union(*map(likeness_keys, question.rcpts)), at)
    return Known(
        _contacts(history, sender, question, alike, at),
        _domains(history, question, alike, at),
        frozenset(key for key in keys if history.confirmations.get((sender, key), at + 1) <= at),
        _corrections(history, question, at),
        _acquainted(history, list(dict.fromkeys(keys))[: rules.MOST_ACQUAINTED], at),
        any(pair.sent and pair.sent[0] < at for pair in history.pairs.get(sender, {}).values()),
        {mark: had for mark in question.marks if (had := _had(history, mark, at))},
        _marked(history, question, at),
    )


def _marked(history: MemoryHistory, question: Question, at: int) -> tuple[Marking, ...]:
    found = [history.marked[ref] for ref in set(question.references) if ref in history.marked and history.marked[ref][0] < at]
    return tuple(replace(marking, where="thread") for _, marking in sorted(found, key=lambda row: -row[0]))


def _had(history: MemoryHistory, mark: bytes, at: int) -> frozenset[str]:
    return frozenset(organisation for organisation, first in history.carried.get(mark, {}).items() if first < at)


def _alike(history: MemoryHistory, keys: frozenset[str], at: int) -> set[str]:
    """Addresses that share a key with a recipient, by a local part or name in use before `at`."""
    known = {address for key in keys for address in history.alike.get(key, ())}
    return {address for address in known if keys & _keys(history.people[address], at)}


def _keys(person: Person, at: int) -> frozenset[str]:
    if person.first >= at:
        return frozenset()
    return local_keys(person.address.local).union(*(name_keys(name) for name in _names(person, at)))


def _names(person: Person, at: int) -> list[str]:
    return [name for name, first in person.names.items() if first < at]


def _contacts(history: MemoryHistory, sender: str, question: Question, alike: set[str], at: int) -> dict[str, Contact]:
    wanted = {a.key for a in question.rcpts}
    found = {}
    for other, pair in history.pairs.get(sender, {}).items():
        near = other in wanted or other in alike or other.rpartition("@")[2] in question.domains
        if near and (contact := _contact(history.people[other], pair, at)):
            found[other] = contact
    first = sorted(found, key=lambda key: (key not in wanted, -found[key].sent - found[key].received))
    return {key: found[key] for key in islice(first, rules.MOST_CONTACTS)}


def _contact(person: Person, pair: Pair, at: int) -> Contact | None:
    sent, received = (moments[: bisect_left(moments, at)] for moments in (pair.sent, pair.received))
    if not (sent or received):
        return None
    name = max(((person.names[name], name) for name in _names(person, at)), default=(0, ""))[1]
    address = Address(person.address.local, person.address.domain, name)
    first, last = min(sent[:1] + received[:1]), max(sent[-1:] + received[-1:])
    return Contact(address, len(sent), len(received), moment(first), moment(last))


def _domains(history: MemoryHistory, question: Question, alike: set[str], at: int) -> dict[str, DomainFacts]:
    facts = {name: _facts(history, name, alike, at) for name in question.domains if name in history.domains}
    return {name: known for name, known in facts.items() if known != DomainFacts()}


def _facts(history: MemoryHistory, name: str, alike: set[str], at: int) -> DomainFacts:
    domain = history.domains[name]
    since = rules.second_day(domain.answers.values())
    people = (history.people[key] for key in domain.keys)
    sample = list(islice((p for p in people if p.first < at), rules.SAMPLE))
    sample += [history.people[key] for key in alike if key.rpartition("@")[2] == name]
    return DomainFacts(
        moment(since) if since is not None and since < at else None,
        bisect_left(domain.sent, at),
        bisect_left(domain.received, at),
        frozenset(p.address.local for p in sample),
        frozenset(n.casefold() for p in sample for n in _names(p, at)),
    )


def _corrections(history: MemoryHistory, question: Question, at: int) -> dict[str, str]:
    thread = frozenset(question.references)
    rows = sorted((when, wrong, right) for (mid, wrong), (when, right) in history.corrected.items() if mid in thread)
    return {wrong: right for when, wrong, right in rows if when <= at}


def _acquainted(history: MemoryHistory, keys: list[str], at: int) -> frozenset[frozenset[str]]:
    outside = {key for key in keys if not history.here.has(key.rpartition("@")[2])}
    shared: set[frozenset[str]] = set()
    for key in outside:
        inbox = history.inboxes.get(key, [])
        end = bisect_left(inbox, (at, b""))
        for _, identity in inbox[max(0, end - rules.RECENT) : end]:
            shared |= {frozenset((key, other)) for other in history.mails[identity].rcpts if other != key}
    return frozenset(
        frozenset(two)
        for two in combinations(keys, 2)
        if frozenset(two) in shared or ((pair := history.pairs.get(two[0], {}).get(two[1])) and _before(pair, at))
    )


def _before(pair: Pair, at: int) -> bool:
    return any(moments and moments[0] < at for moments in (pair.sent, pair.received))
