"""What must survive: holds, history, register, policy, outbox, audit chain; SQLAlchemy Core over SQLite or PostgreSQL.

Importing this package loads no database library: `missent check` reads history without one.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from missent.nouns.audit import Head
from missent.store.keys import Keys

if TYPE_CHECKING:
    from missent.store.opened import Store

__all__ = ["Keys", "open_store"]


def open_store(
    url: str, keys: Keys, heads: Callable[[Head], None] | None = None, patience: float = 5.0, own: Iterable[str] = ()
) -> "Store":
    """Open the store at a SQLAlchemy URL (`sqlite:///…`, `postgresql://…`), migrated to this version's schema.

    Args:
        url: a file for SQLite; it is made when absent.
        keys: must be those the store was first opened with.
        heads: told the newest head of the audit chain after every commit that added to it.
        own: canonical own domains: who is here, for history.
        patience: seconds to wait for a lock another process holds.

    Raises:
        StoreError: it cannot be reached, read or migrated.
        ConfigError: the URL is unusable, a newer missent wrote the store, or the keys are not its keys.
    """
    from missent.store.opened import Store

    return Store(url, keys, heads, patience, own)
