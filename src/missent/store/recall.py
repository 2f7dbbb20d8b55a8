"""Reading history: everything known of one question in some ten statements, exact as of its moment.

Aggregates answer for the present; where they hold something from the question's moment on (an archive judged with
hindsight, a wrong clock), that pair or domain alone is counted again from its mail.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from missent.nouns.address import Address
from missent.recipients import remembering as rules
from missent.recipients.history import Contact, DomainFacts, Known, Question
from missent.recipients.likeness import likeness_keys
from missent.recipients.remembering import Here, micros, moment
from missent.store import carried, marked
from missent.store.rows import Row, Rows, chunks

_AT_ONCE = 4_000  # items of one IN list
_AT_ONCE_UNITED = 60  # parts of one UNION; SQLite allows 500

_IDS = "SELECT id, key FROM address WHERE key IN :keys"

_PAIR = """
SELECT a.key, p.first,
  CASE WHEN p.last < :at THEN p.sent ELSE
    (SELECT count(*) FROM letter l WHERE l.sender = p.owner AND l.rcpt = p.other AND l.at < :at) END,
  CASE WHEN p.last < :at THEN p.received ELSE
    (SELECT count(*) FROM letter l WHERE l.sender = p.other AND l.rcpt = p.owner AND l.at < :at) END,
  CASE WHEN p.last < :at THEN p.last ELSE
    (SELECT max(l.at) FROM letter l WHERE l.sender = p.owner AND l.rcpt = p.other AND l.at < :at) END,
  CASE WHEN p.last < :at THEN p.last ELSE
    (SELECT max(l.at) FROM letter l WHERE l.sender = p.other AND l.rcpt = p.owner AND l.at < :at) END,
  (SELECT n.name FROM name n WHERE n.address = p.other AND n.first < :at ORDER BY n.first DESC, n.name DESC LIMIT 1)
"""
_WRITTEN_TO = (
    _PAIR
    + """FROM address a JOIN pair p ON p.owner = :owner AND p.domain = a.domain AND p.other = a.id
WHERE a.id IN :ids AND p.first < :at"""
)
_AT_DOMAINS = (
    _PAIR
    + """FROM pair p JOIN address a ON a.id = p.other
WHERE p.owner = :owner AND p.domain IN :domains AND p.first < :at ORDER BY p.sent + p.received DESC LIMIT :most"""
)
_ALIKE_CONTACTS = (
    _PAIR
    + """FROM (SELECT DISTINCT k.address FROM alias k WHERE k.key IN :alike AND k.first < :at) k
JOIN address a ON a.id = k.address JOIN pair p ON p.owner = :owner AND p.domain = a.domain AND p.other = a.id
WHERE p.first < :at LIMIT :most"""
)

_DOMAINS = """
SELECT d.name, d.id, d.established,
  CASE WHEN d.last < :at THEN d.sent ELSE
    (SELECT count(*) FROM traffic t WHERE t.domain = d.id AND t.at < :at AND t.sent = 1) END,
  CASE WHEN d.last < :at THEN d.received ELSE
    (SELECT count(*) FROM traffic t WHERE t.domain = d.id AND t.at < :at AND t.sent = 0) END
FROM domain d WHERE d.name IN :names"""

_NAMES = "LEFT JOIN name n ON n.address = a.id AND n.first < :at"
_SAMPLE = f"""SELECT a.domain, a.key, n.name FROM
(SELECT id, key, domain FROM address WHERE domain = :d{{n}} AND first < :at ORDER BY key LIMIT {rules.SAMPLE}) a {_NAMES}"""
# the plus keeps SQLite from walking a whole domain to find three people in it
_ALIKE_THERE = f"""SELECT DISTINCT a.domain, a.key, n.name FROM alias k
JOIN address a ON a.id = k.address AND +a.domain IN :domains {_NAMES} WHERE k.key IN :alike AND k.first < :at"""

_CONFIRMED = "SELECT address FROM confirmation WHERE sender = :sender AND address IN :keys AND at <= :at"
_CORRECTED = """SELECT wrong, right_address FROM correction WHERE message_id IN :thread AND at <= :at
ORDER BY at, wrong, right_address"""

_BETWEEN = """SELECT o.key, a.key FROM address a JOIN address o ON o.id IN :ids
JOIN pair p ON p.owner = o.id AND p.domain = a.domain AND p.other = a.id WHERE a.id IN :ids AND p.first < :at"""
_TOGETHER = f"""SELECT m.rcpt, b.rcpt FROM
(SELECT rcpt, mail FROM letter WHERE rcpt = :r{{n}} AND at < :at ORDER BY at DESC, mail DESC LIMIT {rules.RECENT}) m
JOIN letter b ON b.mail = m.mail WHERE b.rcpt IN :ids"""

_WROTE = "SELECT 1 FROM letter WHERE sender = :owner AND at < :at LIMIT 1"

_ESTABLISHED = "SELECT name, established FROM domain WHERE established IS NOT NULL"
_ESTABLISHED_STATE = "SELECT count(*), coalesce(sum(id), 0) FROM domain WHERE established IS NOT NULL"
_NOTHING = DomainFacts()

_SIZE = """SELECT (SELECT count(*) FROM mail), (SELECT count(*) FROM address), (SELECT count(*) FROM pair WHERE sent > 0),
(SELECT count(*) FROM domain), (SELECT count(*) FROM domain WHERE established IS NOT NULL)"""


class Recall:
    """Answers questions over any `Rows`."""

    def __init__(self, rows: Rows, here: Here) -> None:
        self._rows = rows
        self._here = here

    def established(self) -> Mapping[str, datetime]:
        """Every established domain and since when."""
        return {name: moment(since) for name, since in self._rows.rows(_ESTABLISHED)}

    def established_state(self) -> tuple[int, int]:
        """How many domains are established, and the sum of their ids."""
        ((count, ids),) = self._rows.rows(_ESTABLISHED_STATE)
        return int(count), int(ids)

    def size(self) -> dict[str, int]:
        """How many mails, people, pairs (either way), domains and established domains are known."""
        names = ("mails", "people", "pairs", "domains", "established")
        return dict(zip(names, self._rows.rows(_SIZE)[0], strict=True))

    def known(self, question: Question) -> Known:
        """Everything the checks may want to know, from mail before `question.at`."""
        at = micros(question.at)
        sender = question.sender.key if question.sender and rules.storable(question.sender.key) else ""
        keys = list(dict.fromkeys(a.key for a in question.rcpts if rules.storable(a.key)))
        alike = [key for key in sorted(frozenset().union(*map(likeness_keys, question.rcpts))) if rules.storable(key)]
        ids = self._ids([*keys, sender] if sender else keys)
        owner = ids.pop(sender) if sender in ids and sender not in keys else ids.get(sender)
        domains = self._domains(question.domains, at)
        return Known(
            self._contacts(owner, list(ids.values()), [d[1] for d in domains], alike, at) if owner is not None else {},
            self._facts(domains, alike, at),
            self._confirmed(sender, keys, at),
            self._corrected(question.references, at),
            self._acquainted({key: ids[key] for key in keys[: rules.MOST_ACQUAINTED] if key in ids}, at),
            owner is not None and bool(self._rows.rows(_WROTE, owner=owner, at=at)),
            carried.read(self._rows, question.marks, at) if question.marks else {},
            marked.read(self._rows, question.references, at),
        )

    def _each(self, sql: str, name: str, items: Iterable[object], **params: object) -> list[Row]:
        """Rows of a statement for a list of any length."""
        return [row for some in chunks(list(items), _AT_ONCE) for row in self._rows.rows(sql, **{name: some}, **params)]

    def _ids(self, keys: Iterable[str]) -> dict[str, int]:
        return {key: id_ for id_, key in self._each(_IDS, "keys", keys)}

    def _contacts(self, owner: int, ids: list[int], domains: list[int], alike: list[str], at: int) -> dict[str, Contact]:
        most = rules.MOST_CONTACTS
        rows = self._each(_AT_DOMAINS, "domains", domains, owner=owner, at=at, most=most)
        if len(rows) >= most:  # the recipients themselves may have fallen out
            rows = self._each(_WRITTEN_TO, "ids", ids, owner=owner, at=at) + rows
        rows += self._each(_ALIKE_CONTACTS, "alike", alike, owner=owner, at=at, most=most)
        found: dict[str, Contact] = {}
        for row in rows:
            if row[0] not in found and len(found) < most:
                found[row[0]] = _contact(row)
        return found

    def _domains(self, names: Iterable[str], at: int) -> list[Row]:
        return self._each(_DOMAINS, "names", sorted(filter(rules.storable, names)), at=at)

    def _facts(self, domains: list[Row], alike: list[str], at: int) -> dict[str, DomainFacts]:
        people: dict[int, list[Row]] = {row[1]: [] for row in domains}
        for some in chunks(list(people), _AT_ONCE_UNITED):
            for row in self._rows.rows(_union(_SAMPLE, len(some)), at=at, **{f"d{n}": d for n, d in enumerate(some)}):
                people[row[0]].append(row)
            for row in self._each(_ALIKE_THERE, "alike", alike, domains=some, at=at):
                people[row[0]].append(row)
        facts = {name: _domain(since, sent, got, people[id_], at) for name, id_, since, sent, got in domains}
        return {name: known for name, known in facts.items() if known != _NOTHING}

    def _confirmed(self, sender: str, keys: list[str], at: int) -> frozenset[str]:
        rows = self._each(_CONFIRMED, "keys", keys, sender=sender, at=at) if sender else []
        return frozenset(row[0] for row in rows)

    def _corrected(self, thread: tuple[str, ...], at: int) -> dict[str, str]:
        thread = tuple(filter(rules.storable, thread[:_AT_ONCE]))
        return dict(self._rows.rows(_CORRECTED, thread=thread, at=at)) if thread else {}  # type: ignore[arg-type]

    def _acquainted(self, ids: dict[str, int], at: int) -> frozenset[frozenset[str]]:
        if len(ids) < 2:
            return frozenset()
        known = {frozenset(row) for row in self._rows.rows(_BETWEEN, ids=list(ids.values()), at=at)}
        keys = {id_: key for key, id_ in ids.items()}
        outside = [id_ for key, id_ in ids.items() if not self._here.has(key.rpartition("@")[2])]
        for some in chunks(outside, _AT_ONCE_UNITED):
            rows = self._rows.rows(
                _union(_TOGETHER, len(some)), ids=list(keys), at=at, **{f"r{n}": r for n, r in enumerate(some)}
            )
            known |= {frozenset((keys[one], keys[other])) for one, other in rows if one != other}
        return frozenset(known)


def _union(select: str, times: int) -> str:
    """The same limited select for several values in one statement."""
    return " UNION ALL ".join(f"SELECT * FROM ({select.format(n=n)}) s{n}" for n in range(times))


def _contact(row: Row) -> Contact:
    key, first, sent, received, last_sent, last_received, name = row
    last = max(last_sent or 0, last_received or 0)
    return Contact(_address(key, name or ""), sent, received, moment(first), moment(last))


def _domain(since: int | None, sent: int, received: int, people: list[Row], at: int) -> DomainFacts:
    return DomainFacts(
        moment(since) if since is not None and since < at else None,
        sent,
        received,
        frozenset(key.rpartition("@")[0] for _, key, _ in people),
        frozenset(name.casefold() for _, _, name in people if name),
    )


def _address(key: str, name: str) -> Address:
    local, _, domain = key.rpartition("@")
    return Address(local, domain, name)
