"""What a command judges by when there is a store, read without loading a database library.

SQLite is read through the standard library, which keeps `missent check` quick; another database through the store.
"""

import sqlite3
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from missent.cli.site import Site
from missent.errors import StoreError
from missent.judging import Judging
from missent.policy.model import Policy
from missent.policy.reading import read_policy
from missent.recipients.history import Known, NoHistory, Question
from missent.recipients.model.traits import HASHES, Hashing
from missent.recipients.names import Names
from missent.recipients.remembering import Here
from missent.recipients.weighing import Weighed, Weighing
from missent.store.keys import CONTENT, load
from missent.store.policies import read_policy as read_active
from missent.store.recall import Recall
from missent.store.recipient_model import RecipientModel
from missent.store.register import read_register
from missent.store.rows import PlainRows, Rows

T = TypeVar("T")


class StoredHistory(NoHistory):
    """History read from rows; it learns nothing."""

    def __init__(self, recall: Recall) -> None:
        self._recall = recall

    def known(self, question: Question) -> Known:
        """Everything the checks may want to know."""
        return _reading(lambda: self._recall.known(question))

    def established(self) -> Mapping[str, datetime]:
        """Every established domain and since when."""
        return _reading(self._recall.established)


class StoredModel:
    """The recipient model read from rows."""

    def __init__(self, model: RecipientModel) -> None:
        self._model = model

    def weigh(self, asked: Weighing) -> Weighed:
        """What it says of one message. Raises StoreError."""
        _reading(self._model.refresh)
        return self._model.weigh(asked)


def judging(site: Site, policy: Policy) -> Judging:
    """Everything a command needs to judge by."""
    rows, own = _rows(site), site.settings.own
    register = _reading(lambda: read_register(rows))
    history = StoredHistory(Recall(rows, Here(own, Names(own).registrable)))
    names = Names(own, register.known, history.established())
    judging = Judging(own, names, history, policy, time.perf_counter, register, site.settings.own_scheme)
    if site.key_file.exists():
        keys = load(site.key_file)
        key, judging.key = keys.derive(HASHES), keys.derive(CONTENT)
        judging.weigher, judging.hashing = StoredModel(RecipientModel(rows, key)), Hashing(key)
    return judging


def active_policy(site: Site) -> Policy | None:
    """The store's active version; None if none was ever applied."""
    stored = _reading(lambda: read_active(_rows(site)))
    return read_policy(stored.text.encode(), f"active policy {stored.number}") if stored else None


def _rows(site: Site) -> Rows:
    path = site.sqlite_path
    if path is None:
        return site.store().rows()
    return PlainRows(site.closing(_reading(lambda: sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False))))


def _reading(read: Callable[[], T]) -> T:
    try:
        return read()
    except sqlite3.Error as error:
        raise StoreError(f"store cannot be read: {error}: is it a missent store of this version?") from None
