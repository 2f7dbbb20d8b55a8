"""The people of a batch: domains, addresses, display names and the keys they are found by, with when each was first seen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from missent.nouns.address import Address
from missent.nouns.sighting import Sighting
from missent.recipients import remembering as rules
from missent.recipients.likeness import local_keys, name_keys
from missent.recipients.remembering import Here, micros
from missent.store.rows import EngineRows, chunks, many

_AT_ONCE = 4_000

_DOMAINS = "SELECT name, id FROM domain WHERE name IN :names"
_NEW_DOMAIN = "INSERT INTO domain (name, organisation) VALUES (:name, :organisation) ON CONFLICT (name) DO NOTHING"
_ADDRESSES = "SELECT key, id, first FROM address WHERE key IN :keys"
_MET = """INSERT INTO address (key, domain, first) VALUES (:key, :domain, :first)
ON CONFLICT (key) DO UPDATE SET first = excluded.first WHERE excluded.first < address.first"""
_NAMED = """INSERT INTO name (address, name, first) VALUES (:address, :name, :first)
ON CONFLICT (address, name) DO UPDATE SET first = excluded.first WHERE excluded.first < name.first"""
_ALIKE = """INSERT INTO alias (key, address, first) VALUES (:key, :address, :first)
ON CONFLICT (key, address) DO UPDATE SET first = excluded.first WHERE excluded.first < alias.first"""


@dataclass(frozen=True, slots=True)
class Ids:
    """Numbers of addresses by key and of domains by name."""

    addresses: Mapping[str, int]
    domains: Mapping[str, int]

    def address(self, key: str) -> int:
        """Number of an address of the batch."""
        return self.addresses[key]

    def domain(self, key: str) -> int:
        """Number of an address's domain."""
        return self.domains[key.rpartition("@")[2]]


def meet(connection: Connection, sightings: Iterable[Sighting], others: Iterable[Address], here: Here) -> Ids:
    """Write what the sightings tell of people; the numbers of all of them and of `others`, who are known already."""
    first, names = _first_seen(sightings)
    domains = _domains(connection, first.keys() | {a.key for a in others}, here)
    addresses = _addresses(connection, first, domains, [a.key for a in others])
    named = [{"address": addresses[key], "name": name, "first": at} for (key, name), at in names.items()]
    many(connection, _NAMED, named)
    alike: dict[tuple[str, int], int] = {}
    for key, at in first.items():
        for word in local_keys(key.rpartition("@")[0]):
            _earlier(alike, (word, addresses[key]), at)
    for (key, name), at in names.items():
        for word in name_keys(name):
            _earlier(alike, (word, addresses[key]), at)
    many(connection, _ALIKE, [{"key": word, "address": id_, "first": at} for (word, id_), at in alike.items()])
    return Ids(addresses, domains)


def _first_seen(sightings: Iterable[Sighting]) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
    first: dict[str, int] = {}
    names: dict[tuple[str, str], int] = {}
    for sighting in sightings:
        at = micros(sighting.at)
        for address in (sighting.sender, *rules.recipients(sighting)):
            _earlier(first, address.key, at)
            if name := rules.display_name(address):
                _earlier(names, (address.key, name), at)
    return first, names


def _earlier(moments: dict[Any, int], key: object, at: int) -> None:
    if moments.get(key, at + 1) > at:
        moments[key] = at


def _domains(connection: Connection, keys: Iterable[str], here: Here) -> dict[str, int]:
    names = {key.rpartition("@")[2] for key in keys}
    known = _ids(connection, _DOMAINS, "names", names)
    new = {name: here.organisation(name) for name in sorted(names - known.keys())}
    new |= {organisation: here.organisation(organisation) for organisation in sorted(set(new.values()) - new.keys())}
    many(connection, _NEW_DOMAIN, [{"name": name, "organisation": organisation} for name, organisation in new.items()])
    return known | _ids(connection, _DOMAINS, "names", new.keys())


def _addresses(connection: Connection, first: dict[str, int], domains: dict[str, int], others: list[str]) -> dict[str, int]:
    known, seen = {}, {}
    for some in chunks([*first, *others], _AT_ONCE):
        for key, id_, at in EngineRows(connection).rows(_ADDRESSES, keys=some):
            known[key], seen[key] = id_, at
    news = {key: at for key, at in first.items() if at < seen.get(key, at + 1)}
    rows = [{"key": key, "domain": domains[key.rpartition("@")[2]], "first": at} for key, at in sorted(news.items())]
    many(connection, _MET, rows)
    return known | _ids(connection, "SELECT key, id FROM address WHERE key IN :keys", "keys", news.keys() - known.keys())


def _ids(connection: Connection, sql: str, name: str, wanted: Iterable[str]) -> dict[str, int]:
    rows = EngineRows(connection)
    return {key: id_ for some in chunks(list(wanted), _AT_ONCE) for key, id_ in rows.rows(sql, **{name: some})}
