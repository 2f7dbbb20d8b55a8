"""A few messages read again where they lie: straight where a file can be entered anywhere, else in one pass."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from missent.archive.item import Item
from missent.archive.objects import object_of
from missent.archive.scan.plan import is_packed, reader
from missent.archive.streams import CHUNK


class Place(NamedTuple):
    """Where a copy lies: source, the octet from which its reader finds it, and what stands behind the source's path."""

    path: Path
    kind: str
    begin: int
    place: str

    @property
    def where(self) -> str:
        """For people, as `Item.where`."""
        return f"{self.path}{self.place}"


def fetch(wanted: Iterable[Place]) -> Iterator[tuple[Place, bytes]]:
    """The messages at these places, in the order of paths and octets; one that is gone is left out."""
    for (path, kind), group in groupby(sorted(set(wanted)), key=lambda place: (place.path, place.kind)):
        places = list(group)
        try:
            yield from _straight(places) if enterable(path, kind) and not _dense(places) else _in_order(places)
        except Exception:  # noqa: BLE001, S112 - hostile or vanished sources: whoever asked sees what is missing
            continue


def enterable(path: Path, kind: str) -> bool:
    """Whether a message can be read where it lies, without what stands before it. Raises OSError."""
    if kind == "eml":
        return True
    return kind == "mbox" and not is_packed(path)


def _dense(places: list[Place]) -> bool:
    """Whether they lie so near each other in an object that one pass asks its service less often than they are many."""
    apart = places[-1].begin - places[0].begin
    return len(places) > 1 and object_of(places[0].path) is not None and apart < CHUNK * len(places)


def _straight(places: list[Place]) -> Iterator[tuple[Place, bytes]]:
    for place in places:
        found = next(reader(place.kind, place.path).items(place.begin), None)
        if isinstance(found, Item) and found.where == place.where:
            yield place, found.raw


def _in_order(places: list[Place]) -> Iterator[tuple[Place, bytes]]:
    left = {place.where: place for place in places}
    for found in reader(places[0].kind, places[0].path).items(places[0].begin):
        if isinstance(found, Item) and (place := left.pop(found.where, None)):
            yield place, found.raw
        if not left:
            return
