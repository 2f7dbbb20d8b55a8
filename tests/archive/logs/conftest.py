"""One log, read: what it tells, and what became of its lines."""

from collections.abc import Callable
from pathlib import Path

import pytest

from missent.archive.logs.handover import STATUSES, Handover, Queued
from missent.archive.logs.reading import LogFile
from missent.archive.readers import sources
from missent.nouns.verdict import Skipped

Told = list[Handover | Queued | Skipped]


@pytest.fixture
def log(tmp_path: Path) -> Callable[[str, "str | bytes"], tuple[LogFile, Told]]:
    """Write a log, see that it is told by its content to be of that kind, and read it."""

    def read(kind: str, content: str | bytes) -> tuple[LogFile, Told]:
        path = tmp_path / "some.file"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        (source,) = sources(path)
        assert source.kind == kind
        file = LogFile(path, kind, 2023)
        told = list(file.read())
        assert all(one.status in STATUSES for one in told if isinstance(one, Handover))
        return file, told

    return read
