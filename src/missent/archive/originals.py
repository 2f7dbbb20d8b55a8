"""Originals fetched for evidence: a message or a log line by the place an exposure names."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from missent.archive.objects import known, object_of
from missent.archive.readers import CONTAINERS, source_of
from missent.archive.scan.fetching import Place, fetch
from missent.archive.streams import Stream
from missent.errors import ConfigError
from missent.message.reading import read

_LONGEST_LINE = 65_536


def message(places: Iterable[str], message_id: str) -> bytes | None:
    """The message at the first of these places that still has it; None if none does.

    What lies there must be mail with an author and bear the same Message-ID, without brackets: a file may have been written
    over, and an exposure may name anything.
    """
    for where in places:
        place = _place(where)
        if place is not None:
            for _, raw in fetch([place]):
                found = read(raw)
                if found.from_ and found.message_id == message_id:
                    return raw
    return None


def log_lines(places: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Each place that is a log's, with its line."""
    for where in places:
        path, _, offset = where.rpartition(":")
        if offset.isdecimal() and _is_file(path) and source_of(Path(path)).is_log:
            chunk = next(iter(Stream(Path(path)).chunks(int(offset), _LONGEST_LINE)), b"")
            yield where, chunk.partition(b"\n")[0]


def _place(where: str) -> Place | None:
    """A place from its words: `a.mbox:81234`, `a.eml`, `b.zip!c.mbox:12`."""
    if _is_file(where):
        kind = source_of(Path(where)).kind
        return Place(Path(where), kind, 0, "") if kind else None
    path, _, offset = where.rpartition(":")
    if offset.isdecimal() and _is_file(path):
        source = source_of(Path(path))
        return None if source.is_log else Place(Path(path), source.kind, int(offset), f":{offset}")
    outer = Path(where.partition("!")[0])
    if "!" in where and _is_file(str(outer)) and (kind := source_of(outer).kind) in CONTAINERS:
        return Place(outer, kind, 0, where.removeprefix(str(outer)))
    return None


def _is_file(path: str) -> bool:
    if object_of(Path(path)) is None:
        return Path(path).is_file()
    try:
        return known(Path(path)) is not None
    except (OSError, ConfigError):
        return False
