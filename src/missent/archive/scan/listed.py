"""The sources of a scan by number, looked up where they are planned: there may be millions, and each worker asks about few."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from missent.archive.scan.state import State, connected

_KEPT = 4096


class Listed(Mapping[int, tuple[Path, str]]):
    """Number -> path and kind of each source."""

    def __init__(self, state: State) -> None:
        self._plan = state.plan
        self._one = lru_cache(_KEPT)(self._asked)

    def __getitem__(self, number: int) -> tuple[Path, str]:
        """Raises KeyError if there is none of that number."""
        found = self._one(number)
        if found is None:
            raise KeyError(number)
        return found

    def __len__(self) -> int:
        with connected(self._plan, read_only=True) as db:
            return int(db.execute("SELECT count(*) FROM source").fetchone()[0])

    def __iter__(self) -> Iterator[int]:
        with connected(self._plan, read_only=True) as db:
            yield from (number for (number,) in db.execute("SELECT id FROM source ORDER BY id"))

    def _asked(self, number: int) -> tuple[Path, str] | None:
        with connected(self._plan, read_only=True) as db:
            row = db.execute("SELECT path, kind FROM source WHERE id = ?", (number,)).fetchone()
        return (Path(row[0]), row[1]) if row else None
