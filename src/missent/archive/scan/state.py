"""The folder an investigation works in: plan, what each shard told, the joined facts, the results.

Everything that grows with the archive lies here and not in memory. It holds addresses in the clear, so it is the
user's alone (mode 0700), and it goes when the scan ends unless the user named it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

CACHE_KIB = 64 << 10
"""Memory one connection may use for pages; a scan process has at most two."""

FORM = 2
"""Of what lies in the folder: what was written in another form is begun anew."""

FOLDERS = ("shards", "logs", "joining", "facts", "words", "choice", "found")
"""Of the steps, in their order; what depends on the sources."""


class State:
    """Where things lie in the folder of one scan."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self) -> None:
        """Create what is missing. Raises OSError."""
        for folder in (self.folder, *(self.folder / name for name in FOLDERS)):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def plan(self) -> Path:
        """Sources and shards."""
        return self.folder / "plan.db"

    def table(self, name: str) -> Path:
        """One of the databases of `missent.archive.scan.facts`."""
        return self.folder / "facts" / f"{name}.db"

    @property
    def facts(self) -> Path:
        """Is there when all shards are joined."""
        return self.table("people")

    def joined(self, step: str, part: int) -> Path:
        """What one part of joining made."""
        return self.folder / "joining" / f"{step}-{part}.db"

    @property
    def labels(self) -> Path:
        """Which mails are the same under two numbers."""
        return self.folder / "joining" / "labels.db"

    @property
    def logged(self) -> Path:
        """What the logs know of recipients, as a shard tells it."""
        return self.folder / "joining" / "logs.db"

    @property
    def words(self) -> Path:
        """Hashed words of mail, where wrong persons are looked for; beside them lies what each part made."""
        return self.folder / "words" / "words.db"

    @property
    def accused(self) -> Path:
        """Wrong persons by the recipient model."""
        return self.folder / "words" / "accused.jsonl"

    @property
    def ledger(self) -> Path:
        """What the logs among the sources tell (`missent.archive.deliveries`)."""
        return self.folder / "logs.db"

    def log(self, number: int) -> Path:
        """What one log tells; beside it, what of it could not be read."""
        return self.folder / "logs" / f"{number}.db"

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
def connected(path: Path, *, read_only: bool = False, building: bool = False) -> Iterator[sqlite3.Connection]:
    """A connection with bounded memory; sorting spills to files. Not safe against a power cut, which a scan need not be.

    `building`: what is written is thrown away unless all of it is written, so nothing need ever be taken back.
    """
    mode = "ro" if read_only else "rwc"  # closed by another thread where a worker's thread ends before its process
    with closing(
        sqlite3.connect(f"file:{quoted(path)}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False)
    ) as connection:
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute("PRAGMA temp_store = FILE")
        if not read_only:
            # TRUNCATE: what is appended need not be written twice
            connection.execute(f"PRAGMA journal_mode = {'OFF' if building else 'TRUNCATE'}")
            connection.execute("PRAGMA synchronous = OFF")
        yield connection


@contextmanager
def attached(connection: sqlite3.Connection, path: Path, name: str) -> Iterator[None]:
    """Another database, read-only, beside this one for a while."""
    connection.execute(f"ATTACH ? AS {name}", (f"file:{quoted(path)}?mode=ro",))
    try:
        yield
    finally:
        connection.execute(f"DETACH {name}")


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A new file to write, which becomes `path` when all is written; of two who write it at once the last one's stays."""
    fresh = path.with_name(f"{path.name}.{uuid4().hex}")
    try:
        yield fresh
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


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


def quoted(path: Path) -> str:
    """A path as SQLite's `file:` URIs have it."""
    return str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
