"""The folder an investigation works in: plan, what each shard told, the joined facts, the results.

Everything that grows with the archive lies here and not in memory. It holds addresses in the clear, so it is the
user's alone (mode 0700), and it goes when the scan ends unless the user named it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

CACHE_KIB = 64 << 10
"""Memory one connection may use for pages; a scan process has at most two."""


class State:
    """Where things lie in the folder of one scan."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self) -> None:
        """Create what is missing. Raises OSError."""
        for folder in (self.folder, self.folder / "shards", self.parts.parent, self.folder / "found"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def plan(self) -> Path:
        """Sources and shards."""
        return self.folder / "plan.db"

    @property
    def facts(self) -> Path:
        """What all shards told, joined."""
        return self.folder / "facts.db"

    @property
    def ledger(self) -> Path:
        """What the logs among the sources tell (`missent.archive.deliveries`)."""
        return self.folder / "logs.db"

    @property
    def candidates(self) -> Path:
        """The mails the second pass judges, in batches."""
        return self.folder / "candidates.db"

    @property
    def parts(self) -> Path:
        """How choosing is divided; beside it lies what each part found."""
        return self.folder / "choice" / "parts.db"

    def shard(self, number: int) -> Path:
        """What one shard told."""
        return self.folder / "shards" / f"{number}.db"

    def found(self, number: int) -> Path:
        """What judging one batch found, one exposure a line."""
        return self.folder / "found" / f"{number}.jsonl"

    def mark(self, kind: str, number: int) -> Path:
        """Which message a worker is at."""
        return self.folder / kind / f"{number}.at"


@contextmanager
def connected(path: Path, *, read_only: bool = False) -> Iterator[sqlite3.Connection]:
    """A connection with bounded memory; sorting spills to files. Not safe against a power cut, which a scan need not be."""
    mode = "ro" if read_only else "rwc"
    with closing(sqlite3.connect(f"file:{_quoted(path)}?mode={mode}", uri=True, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute("PRAGMA temp_store = FILE")
        if not read_only:
            connection.execute("PRAGMA journal_mode = TRUNCATE")  # what is appended need not be written twice
            connection.execute("PRAGMA synchronous = OFF")
        yield connection


@contextmanager
def together(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction: all of it or nothing."""
    connection.execute("BEGIN")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _quoted(path: Path) -> str:
    return str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
