"""Passes that were used, so that each is good once, on whichever node its bearer comes by."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, insert, select

from missent.nouns.audit import AuditEvent
from missent.store.chain import append
from missent.store.schema import spent_pass

if TYPE_CHECKING:
    from missent.store.opened import Store


class Passes:
    """Implements `missent.gateway.ports.PassBook`."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self.pass_key = store.keys.derive("pass")

    def spend_pass(self, id_: str, until: datetime, now: datetime) -> bool:
        """As the port says; with its event in the chain of evidence."""

        def spend(connection: Connection) -> bool:
            if connection.execute(select(spent_pass.c.id).where(spent_pass.c.id == id_)).first() is not None:
                return False
            connection.execute(insert(spent_pass).values(id=id_, until=until))
            append(connection, AuditEvent(now, "pass.used", "gateway", {"pass": id_}))
            return True

        return self._store.write(spend)

    def give_back_pass(self, id_: str) -> None:
        """As the port says."""
        self._store.write(lambda connection: connection.execute(delete(spent_pass).where(spent_pass.c.id == id_)))

    def forget_passes(self, now: datetime) -> None:
        """Forget those out of date by now: nobody can use them any more."""

        def out_of_date(connection: Connection) -> bool:
            return connection.execute(select(spent_pass.c.id).where(spent_pass.c.until <= now).limit(1)).first() is not None

        with self._store.read() as connection:
            if not out_of_date(connection):
                return
        self._store.write(lambda connection: connection.execute(delete(spent_pass).where(spent_pass.c.until <= now)))
