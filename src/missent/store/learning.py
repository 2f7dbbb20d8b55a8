"""Writing history: a batch of sightings becomes rows, whatever was learned before and in whatever order.

Copies of one mail are merged first within the batch, then with what is stored. Counts are kept by adding what is new;
only where a copy shows a mail to be older than thought is anything counted again. Which mails answer which is then
looked up for the mails of the batch, as answers and as what is answered.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from missent.nouns.address import Address
from missent.nouns.sighting import Sighting
from missent.recipients import remembering as rules
from missent.recipients.remembering import Here, micros
from missent.store import answers, carried, counts, marked, people, traits
from missent.store.answers import Role
from missent.store.rows import EngineRows, chunks, many

_AT_ONCE = 500
_LOCK = 0x6D697373_68697374  # "misshist"

_STORED = "SELECT identity, id, at, person, refers, closed FROM mail WHERE identity IN :identities"
_LETTERS = "SELECT l.mail, a.key FROM letter l JOIN address a ON a.id = l.rcpt WHERE l.mail IN :ids"
_NEW_MAIL = """INSERT INTO mail (identity, message_id, at, sender, person, role, refers, closed)
VALUES (:identity, :message_id, :at, :sender, :person, :role, :refers, FALSE) ON CONFLICT (identity) DO NOTHING"""
_MERGED_MAIL = "UPDATE mail SET at = :at, person = :person, role = :role, refers = :refers WHERE id = :id"
_IDS = "SELECT identity, id FROM mail WHERE identity IN :identities"
_NEW_LETTER = "INSERT INTO letter (sender, rcpt, at, mail) VALUES (:sender, :rcpt, :at, :mail) ON CONFLICT DO NOTHING"
_NEW_REFERENCE = "INSERT INTO reference (message_id, mail) VALUES (:message_id, :mail) ON CONFLICT DO NOTHING"


@dataclass(slots=True)
class Draft:
    """One mail of a batch, merged from its copies; `was` is its date in the store before this batch, `new` the recipients
    the store does not have yet.
    """

    identity: bytes
    message_id: str
    sender: Address
    at: int
    person: bool
    rcpts: dict[str, Address]
    refs: set[str]
    id: int = 0
    traits: bytes = b""
    score: float | None = None
    refers: bool = False
    was: int | None = None
    new: set[str] = field(default_factory=set)

    def merge(self, other: "Draft") -> None:
        """Take in another copy."""
        self.at = min(self.at, other.at)
        self.person |= other.person
        self.rcpts |= other.rcpts
        self.refs |= other.refs
        self.traits = self.traits or other.traits
        self.score = other.score if self.score is None else self.score

    def role(self, here: Here) -> Role:
        """What it can do towards standing."""
        if not self.person:
            return Role.NONE
        if here.has(self.sender.domain):
            return Role.ASKS
        return Role.ANSWERS if any(here.has(a.domain) for a in self.rcpts.values()) else Role.NONE


def learn(connection: Connection, sightings: Iterable[Sighting], here: Here) -> int:
    """Learn one batch (some hundreds) in the caller's transaction; returns how many mails were new."""
    if connection.dialect.name == "postgresql":  # one learner at a time: two would count the same mail twice
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    told = [(rules.identity(s), s) for s in sightings if rules.tells(s)]
    carried.put(connection, (s for _, s in told if s.marks), here)
    marked.put(connection, (s for _, s in told))
    drafts: dict[bytes, Draft] = {}
    for identity, sighting in told:
        draft = _draft(identity, sighting)
        if identity in drafts:
            drafts[identity].merge(draft)
        else:
            drafts[identity] = draft
    closed = _meet_stored(connection, drafts)
    for identity in closed:
        del drafts[identity]
    met = [sighting for identity, sighting in told if identity in drafts]
    ids = people.meet(connection, met, [a for draft in drafts.values() for a in draft.rcpts.values()], here)
    _write(connection, list(drafts.values()), ids, here)
    return sum(draft.was is None for draft in drafts.values())


def _draft(identity: bytes, sighting: Sighting) -> Draft:
    rcpts = {a.key: a for a in rules.recipients(sighting)}
    refs = set(rules.references(sighting))
    at, person = micros(sighting.at), not sighting.automatic
    draft = Draft(identity, sighting.message_id, sighting.sender, at, person, rcpts, refs)
    draft.traits, draft.score = sighting.traits, sighting.score
    return draft


def _meet_stored(connection: Connection, drafts: dict[bytes, Draft]) -> list[bytes]:
    """Merge what is stored into the drafts; returns those closed to more copies."""
    rows, closed, by_id = EngineRows(connection), [], {}
    for draft in drafts.values():
        draft.new, draft.refers = set(draft.rcpts), bool(draft.refs)
    for some in chunks(list(drafts), _AT_ONCE):
        for identity, id_, at, person, refers, shut in rows.rows(_STORED, identities=some):
            draft = by_id[id_] = drafts[bytes(identity)]
            draft.id, draft.was, draft.at = id_, at, min(at, draft.at)
            draft.person |= bool(person)
            draft.refers |= bool(refers)
            if shut:
                closed.append(draft.identity)
    for some in chunks(list(by_id), _AT_ONCE):
        for id_, key in rows.rows(_LETTERS, ids=some):
            by_id[id_].new.discard(key)
            by_id[id_].rcpts.setdefault(key, Address(*key.rsplit("@", 1)))
    return closed


def _write(connection: Connection, drafts: list[Draft], ids: people.Ids, here: Here) -> None:
    if not drafts:
        return
    roles = {draft.identity: draft.role(here) for draft in drafts}
    many(connection, _NEW_MAIL, [_row(d, ids, roles[d.identity]) for d in drafts if d.was is None])
    many(connection, _MERGED_MAIL, [_row(d, ids, roles[d.identity]) for d in drafts if d.was is not None])
    fresh = {draft.identity: draft for draft in drafts if draft.was is None}
    for some in chunks(list(fresh), _AT_ONCE):
        for identity, id_ in EngineRows(connection).rows(_IDS, identities=some):
            fresh[bytes(identity)].id = id_
    counts.move(connection, [d for d in drafts if d.was is not None and d.at < d.was], ids, here)
    many(connection, _NEW_LETTER, [letter for draft in drafts for letter in _letters(draft, ids)])
    traits.write(connection, [traits.Told(d.id, [ids.address(k) for k in d.new], d.traits, d.score) for d in drafts])
    theirs = [draft for draft in drafts if not here.has(draft.sender.domain)]
    many(connection, _NEW_REFERENCE, [{"message_id": rules.digest(ref), "mail": d.id} for d in theirs for ref in d.refs])
    counts.add(connection, drafts, ids, here)
    asking = _with(drafts, roles, Role.ASKS)
    outside = {d.id: [ids.address(a.key) for a in d.rcpts.values() if not here.has(a.domain)] for d in asking}
    answers.find(connection, outside, [draft.id for draft in _with(drafts, roles, Role.ANSWERS)])


def _letters(draft: Draft, ids: people.Ids) -> list[dict[str, int]]:
    sender = ids.address(draft.sender.key)
    return [{"sender": sender, "rcpt": ids.address(key), "at": draft.at, "mail": draft.id} for key in draft.new]


def _with(drafts: list[Draft], roles: dict[bytes, Role], role: Role) -> list[Draft]:
    return [draft for draft in drafts if roles[draft.identity] == role]


def _row(draft: Draft, ids: people.Ids, role: Role) -> dict[str, object]:
    message_id = rules.digest(draft.message_id) if draft.message_id else None
    return {
        "id": draft.id,
        "identity": draft.identity,
        "message_id": message_id,
        "at": draft.at,
        "sender": ids.address(draft.sender.key),
        "person": draft.person,
        "role": int(role),
        "refers": draft.refers,
    }
