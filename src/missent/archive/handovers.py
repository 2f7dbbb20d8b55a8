"""What the logs among sources tell: files, packed or not, and members of containers."""

from collections.abc import Iterator
from datetime import UTC, tzinfo

from missent.archive.logs.handover import Handover, Queued
from missent.archive.logs.reading import LogFile
from missent.archive.readers import Source, inside
from missent.nouns.verdict import Skipped


def handovers(source: Source, year: int | None = None, zone: tzinfo = UTC) -> Iterator[Handover | Queued | Skipped]:
    """What a source's logs tell; nothing of one that `may_hold_logs` denies.

    `year` is that of the first line of logs without years, None to guess it from the file's last change; `zone` that of times
    without one. Members of a container that cannot be read are told by its `items`, not here as well.
    """
    for log in _logs(source):
        log.year, log.zone = year, zone
        yield from log.read()


def _logs(source: Source) -> Iterator[LogFile]:
    if source.is_log:
        yield LogFile(source.path, source.kind)
    elif source.may_hold_logs:
        try:
            for found in inside(source.path, source.kind):
                if not isinstance(found, Skipped) and found.source.is_log:
                    yield LogFile(found.source.path, found.source.kind, name=f"{source.path}!{found.name}")
        except OSError:
            return  # its items say so
