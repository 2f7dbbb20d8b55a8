"""History's answers at once or not at all: for the event loop, where nothing may wait.

A SQLite file is read in a fraction of a millisecond whatever is being written (WAL), so handing the question to a thread
costs more than the answer. Over a network nothing is certain to be quick: PostgreSQL is asked from threads only. So is
whatever has a long answer, such as a sender's who writes to thousands.
"""

import sqlite3
from pathlib import Path
from typing import Any

from missent.errors import StoreError
from missent.recipients.history import Known, Question
from missent.recipients.remembering import Here
from missent.store.recall import Recall
from missent.store.rows import PlainRows, Row, spread

MOST_ROWS = 500
"""Rows of one statement: some two milliseconds."""


class _FewRows(PlainRows):
    def rows(self, sql: str, **params: Any) -> list[Row]:
        """All rows. Raises sqlite3.Error, StoreError if there are more than `MOST_ROWS`."""
        found = self._connection.execute(*spread(sql, params)).fetchmany(MOST_ROWS + 1)
        if len(found) > MOST_ROWS:
            raise StoreError("store: too much to be read at once")
        return found


class Prompt:
    """A reading connection of its own to a store's file, used by one thread. Made at the first question."""

    def __init__(self, path: Path, here: Here) -> None:
        self._path = path
        self._here = here
        self._connection: sqlite3.Connection | None = None

    def known(self, question: Question) -> Known:
        """As `History.known`. Raises StoreError where it would have to wait, or cannot be read: ask again elsewhere."""
        try:
            connection = self._connection = self._connection or self._connect()
            connection.execute("BEGIN")  # all statements see one state
            try:
                return Recall(_FewRows(connection), self._here).known(question)
            finally:
                connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            self.close()
            raise StoreError(f"store: not to be read at once ({type(error).__name__})") from None

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{self._path.absolute().as_uri()}?mode=ro", uri=True, timeout=0, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA cache_size = -4000")
        return connection
