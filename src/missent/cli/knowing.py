"""What a command judges by: names, history, register and active policy, read without loading a database library.

SQLite is read through the standard library, which keeps `missent check` quick; another database through the store.
"""

import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from missent.cli.site import Site
from missent.errors import StoreError
from missent.judging import Judging
from missent.nouns.address import Address
from missent.nouns.sighting import Sighting
from missent.policy.model import Policy
from missent.policy.reading import read_policy
from missent.recipients.history import NOTHING_KNOWN, Known, Question
from missent.recipients.names import Names
from missent.recipients.register import Register
from missent.recipients.remembering import Here
from missent.store.policies import read_policy as read_active
from missent.store.recall import Recall
from missent.store.register import read_register
from missent.store.rows import PlainRows, Rows

T = TypeVar("T")


class ReadOnlyHistory:
    """History over a way to read rows; None knows nothing. It learns nothing."""

    def __init__(self, rows: Rows | None, here: Here) -> None:
        self._recall = Recall(rows, here) if rows else None

    def known(self, question: Question) -> Known:
        """Everything the checks may want to know."""
        recall = self._recall
        return _reading(lambda: recall.known(question)) if recall else NOTHING_KNOWN

    def established(self) -> Mapping[str, datetime]:
        """Every established domain and since when."""
        return _reading(self._recall.established) if self._recall else {}

    def learn(self, sightings: Iterable[Sighting]) -> int:
        """Refused: a command that judges does not learn."""
        raise NotImplementedError

    def forget(self, address: Address) -> int:
        """Refused, likewise."""
        raise NotImplementedError


def judging(site: Site, policy: Policy | None = None) -> Judging:
    """Everything a command needs to judge by; `policy` replaces the one in force."""
    own = site.settings.own
    rows = _rows(site)
    register = _reading(lambda: read_register(rows)) if rows else Register()
    names = Names(own=own, registered=(p.domain for p in register.partners))
    history = ReadOnlyHistory(rows, Here(own, names.registrable))
    names = Names(own, [p.domain for p in register.partners], history.established()) if rows else names
    return Judging(own, names, history, policy or site.policy, time.perf_counter, register)


def active_policy(site: Site) -> Policy | None:
    """The store's active version; None if there is no store, or none was ever applied."""
    rows = _rows(site)
    stored = _reading(lambda: read_active(rows)) if rows else None
    return read_policy(stored.text.encode(), f"active policy {stored.number}") if stored else None


def _rows(site: Site) -> Rows | None:
    """Rows of the site's store; None if there is none yet."""
    path = site.sqlite_path
    if path is None:
        return site.store().rows()
    if not path.is_file():
        return None
    return PlainRows(_reading(lambda: sqlite3.connect(f"file:{path}?mode=ro", uri=True)))


def _reading(read: Callable[[], T]) -> T:
    try:
        return read()
    except sqlite3.Error as error:
        raise StoreError(f"store cannot be read: {error}: is it a missent store of this version?") from None
