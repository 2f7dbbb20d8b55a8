"""A finished scan as Parquet, to be asked again without reading a mailbox (extra `archive`).

`recipients.parquet` has every message and recipient that was read, `exposures.parquet` what was found. Any program that reads
Parquet can ask them; `missent scan DIR --ask SQL` does it with DuckDB, which reaches nothing but these two tables.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from missent.archive.scan import facts
from missent.archive.scan.exposure import Exposure
from missent.archive.scan.state import State
from missent.errors import ConfigError

if TYPE_CHECKING:
    from pyarrow import Schema

RECIPIENTS, EXPOSURES = "recipients.parquet", "exposures.parquet"
ROWS = 100_000
"""Rows of one row group: what writing holds in memory."""

_ALL = """
SELECT mail.id, mail.at, coalesce(author.local || '@' || author.domain, ''), mail.own, person.local || '@' || person.domain,
  person.domain, person.own, mail.copies
FROM rcpt JOIN mail ON mail.id = rcpt.mail JOIN person ON person.id = rcpt.person
  LEFT JOIN person AS author ON author.id = mail.sender
ORDER BY rcpt.mail, rcpt.person
"""


def write_results(state: State, exposures: Iterable[Exposure], folder: Path) -> None:
    """Write both tables. Raises ConfigError without pyarrow, OSError if the folder cannot be written."""
    recipients, found = _schemas()
    folder.mkdir(parents=True, exist_ok=True)
    with facts.opened(state) as db:
        _write(folder / RECIPIENTS, recipients, _recipients(db))
    _write(folder / EXPOSURES, found, map(_row, exposures))


def ask(folder: Path, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of one question. Raises ConfigError without DuckDB, for a folder without results and wrong SQL."""
    try:
        import duckdb
        import pyarrow.dataset as ds
    except ImportError:
        raise _missing() from None
    files = {path.stem: path for name in (RECIPIENTS, EXPOSURES) if (path := folder / name).is_file()}
    if not files:
        raise ConfigError(f"--ask: {folder} holds no {EXPOSURES}: write it with `missent scan SOURCE… --results {folder}`")
    tables = {name: ds.dataset(path, format="parquet") for name, path in files.items()}
    with duckdb.connect(config={"enable_external_access": False, "lock_configuration": True}) as connection:
        for name, table in tables.items():
            connection.register(name, table)
        try:
            asked = connection.execute(sql)
            return [column[0] for column in asked.description or ()], asked.fetchall()
        except duckdb.Error as error:
            raise ConfigError(f"--ask: {str(error).splitlines()[0]}") from None


def _schemas() -> "tuple[Schema, Schema]":
    try:
        import pyarrow as pa
    except ImportError:
        raise _missing() from None
    text, moment, many = pa.string(), pa.timestamp("s", "UTC"), pa.list_(pa.string())
    recipients = [("mail", pa.int64()), ("date", moment), ("sender", text), ("own_sender", pa.bool_()), ("rcpt", text)]
    recipients += [("domain", text), ("own_rcpt", pa.bool_()), ("copies", pa.int32())]
    found = [
        ("mail", pa.int64()),
        ("message_id", text),
        ("date", moment),
        ("sender", text),
        ("own_sender", pa.bool_()),
        ("rcpt", text),
    ]
    found += [
        ("domain", text),
        ("findings", many),
        ("confidence", pa.float64()),
        ("sure", pa.bool_()),
        ("meant", text),
        ("scheme", text),
    ]
    found += [("level", text), ("categories", many), ("answered", pa.bool_()), ("accepted", text), ("accepted_by", text)]
    return pa.schema(recipients), pa.schema([*found, ("aftermath", many), ("places", many)])


def _missing() -> ConfigError:
    return ConfigError("results in Parquet need the extra `archive`: pip install 'missent[archive]'")


def _recipients(db: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    for mail, at, sender, own, rcpt, domain, ours, copies in db.execute(_ALL):
        yield mail, at if at >= 0 else None, sender, bool(own), rcpt, domain, bool(ours), copies


def _row(e: Exposure) -> tuple[Any, ...]:
    scheme, level, _ = e.marking or (None, None, None)
    at = int(e.at.timestamp()) if e.at else None
    who = (e.number, e.message_id, at, e.sender, e.own, e.rcpt, e.domain)
    why = (list(e.findings), e.confidence, e.sure, e.meant, scheme, level, list(e.categories))
    return (*who, *why, e.answered, e.accepted, e.accepted_by, [a.kind for a in e.aftermath], list(e.where))


def _write(path: Path, schema: "Schema", rows: Iterator[tuple[Any, ...]]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    fresh = path.with_suffix(".new")
    with parquet.ParquetWriter(fresh, schema, compression="zstd") as writer:
        while batch := list(islice(rows, ROWS)):
            columns = [pa.array(column, field.type) for column, field in zip(zip(*batch, strict=True), schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
    fresh.replace(path)
