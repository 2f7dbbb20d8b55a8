"""Errors of the database turned into StoreError: one line that says what is wrong and what to do, without any content.

SQLAlchemy's own errors quote statements and values; a held body must never end up in a log that way.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from missent.errors import StoreError

_ADVICE = {
    "SQLITE_FULL": "the disk is full: free some space",
    "SQLITE_BUSY": "locked by another process for too long",
    "SQLITE_LOCKED": "locked by another process for too long",
    "SQLITE_READONLY": "it cannot be written to: check its owner and mode, and the file system",
    "SQLITE_CANTOPEN": "the file cannot be opened: check that its folder exists and may be written to",
    "SQLITE_IOERR": "the disk refuses: a read or write failed",
    "SQLITE_CORRUPT": "the file is damaged: restore it from a copy",
    "SQLITE_NOTADB": "the file is no SQLite database",
    "53100": "the server's disk is full: free some space",
    "55P03": "locked by another process for too long",
    "25006": "the server is read-only: is it a standby?",
}


def explained(error: SQLAlchemyError) -> StoreError:
    """The StoreError that stands for a database error."""
    return _explained(error.orig if isinstance(error, DBAPIError) else None, error)


def _explained(cause: BaseException | None, error: BaseException) -> StoreError:
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or ""
    for prefix, advice in _ADVICE.items():
        if code.startswith(prefix):
            return StoreError(f"store: {advice} ({code})")
    if code:
        return StoreError(f"store: the database refused ({code}): {_message(cause)}")
    return StoreError(f"store: the database cannot be reached ({type(cause or error).__name__})")


def _message(cause: BaseException | None) -> str:
    """The driver's primary message: SQLite's hold no values, PostgreSQL keeps values in the detail left out here."""
    diagnosis = getattr(cause, "diag", None)
    return str(diagnosis.message_primary if diagnosis is not None else cause)


@contextmanager
def faults(driver: type[Exception] = SQLAlchemyError) -> Iterator[None]:
    """Whatever the database raises inside becomes StoreError; with `driver`, its own errors (PEP 249 `Error`), too."""
    try:
        yield
    except SQLAlchemyError as error:
        raise explained(error) from None
    except driver as error:
        raise _explained(error, error) from None
