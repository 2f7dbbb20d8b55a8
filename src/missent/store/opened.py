"""An open store: its parts by name, its writer, its readers."""

import hmac
import logging
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import Connection, Engine, insert, select

from missent.errors import ConfigError
from missent.nouns.audit import Head
from missent.recipients.model.traits import HASHES
from missent.recipients.remembering import Here
from missent.store.audit import Audit
from missent.store.case_letters import CaseLetters
from missent.store.cases import Cases
from missent.store.chain import Chain
from missent.store.database import WRITES, connect, reading
from missent.store.faults import faults
from missent.store.history import SqlHistory
from missent.store.holds import Holds
from missent.store.keys import Keys
from missent.store.migrating import migrate
from missent.store.news import News
from missent.store.outbox import Outbox
from missent.store.passes import Passes
from missent.store.policies import Policies
from missent.store.prompt import Prompt
from missent.store.recipient_model import RecipientModel
from missent.store.register import RegisterBook
from missent.store.rows import Rows, StoreRows
from missent.store.schema import audit_head, store_fact
from missent.store.writer import Writer

T = TypeVar("T")

log = logging.getLogger(__name__)


class Store:
    """Everything that survives, behind its ports. A context manager; `close` finishes what is queued.

    Attributes:
        keys: those the store was opened with.
        history: implements `missent.recipients.history.History` for the organisation with the own domains given.
        model: the recipient model made of what history was told; implements `missent.recipients.weighing.Weigher`.
        prompt: the same history where nobody may wait; None where it cannot be had that way.
        register: partners, restrictions, exceptions.
        policies: the active policy.
        holds: implements `missent.holds.book.HoldBook`.
        outbox: implements `missent.delivery.outbox.Outbox`.
        passes: implements `missent.gateway.ports.PassBook`.
        cases, case_letters: exposures under assessment, and the outbox of letters to wrong recipients.
        audit: records, verifies and exports the chain of evidence.
        news: says when register or policy were changed, by whichever node.
    """

    def __init__(
        self, url: str, keys: Keys, heads: Callable[[Head], None] | None, patience: float, own: Iterable[str] = ()
    ) -> None:
        self.keys = keys
        self._heads = heads
        self._engine = connect(url, patience)
        self._readers = reading(self._engine)
        self._driver_error = self._engine.dialect.loaded_dbapi.Error
        try:
            with faults():
                migrate(self._engine)
                _recognise(self._engine, keys)
        except BaseException:
            self._engine.dispose()
            raise
        self._writer = Writer(self._engine, Chain(keys), self._told)
        here = Here(frozenset(own), _registrable)
        self.history = SqlHistory(self.read, self.write, here, keys.alias)
        self.prompt = Prompt(Path(str(self._engine.url.database)), here) if self._engine.dialect.name == "sqlite" else None
        self.model = RecipientModel(self.rows(), keys.derive(HASHES))
        self.register = RegisterBook(self.read, self.write, keys)
        self.policies = Policies(self.read, self.write)
        self.holds = Holds(self)
        self.outbox = Outbox(self)
        self.passes = Passes(self)
        self.audit = Audit(self)
        self.cases = Cases(self)
        self.case_letters = CaseLetters(self)
        self.news = News(self._engine, self.read)

    def rows(self) -> Rows:
        """Runs reading statements, each on the state it finds."""
        return StoreRows(self.read)

    def submit(self, function: Callable[[Connection], T]) -> "Future[T]":
        """Run a function in the next transaction, with others; resolved when durable (`asyncio.wrap_future` awaits it).

        What it must observe stands at `Writer`. The future raises what the function raised, or StoreError.
        """
        return self._writer.submit(function)

    def write(self, function: Callable[[Connection], T]) -> T:
        """`submit`, and wait."""
        return self._writer.submit(function).result()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that reads one state of the store, whatever is written meanwhile. Raises StoreError."""
        with faults(self._driver_error), self._readers.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Finish what is queued and let go of the database."""
        self._writer.close()
        self.news.close()
        if self.prompt is not None:
            self.prompt.close()
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _told(self, head: Head) -> None:
        if self._heads is None:
            return
        try:
            self._heads(head)
        except Exception as error:  # noqa: BLE001  committed already: what is kept is safe, the operator must look
            log.warning("head %d of the audit chain could not be logged: %s", head.number, error)


def _registrable(domain: str) -> str | None:
    """By the packaged public suffixes, loaded when the first mail is learned."""
    from missent.recipients import suffixes
    from missent.recipients.book import packaged

    return suffixes.registrable(packaged(), domain)


def _recognise(engine: Engine, keys: Keys) -> None:
    """Keep the keys' check value in a new store; refuse other keys in an old one. Raises ConfigError."""
    names = {"key-id": keys.id, "key-check": keys.check}
    with engine.connect() as connection, connection.begin():
        kept = _kept(connection)
    if not kept:
        with engine.connect().execution_options(**WRITES) as connection, connection.begin():
            connection.execute(select(audit_head.c.id).with_for_update())  # one node at a time
            kept = _kept(connection)
            if not kept:
                connection.execute(insert(store_fact), [{"name": n, "value": v} for n, v in names.items()])
                return
    if not hmac.compare_digest(kept["key-check"], keys.check):
        raise ConfigError(f"keys {keys.id!r} are not those of this store, expected the key file with id {kept['key-id']!r}")


def _kept(connection: Connection) -> dict[str, str]:
    rows = connection.execute(select(store_fact.c.name, store_fact.c.value).where(store_fact.c.name.like("key-%")))
    return {row.name: row.value for row in rows}
