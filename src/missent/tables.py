"""TOML tables read into dataclasses: a wrong file is one line with file, key and what was expected."""

import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from missent.errors import ConfigError

T = TypeVar("T")

_NAMES = {str: "a string", int: "a whole number", float: "a number", bool: "true or false", date: "a date (2026-01-31)"}


def load(path: Path) -> dict[str, Any]:
    """Parse a TOML file. Raises ConfigError if it cannot be read or is not TOML."""
    try:
        return parse(path.read_bytes(), str(path))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None


def parse(data: bytes, where: str) -> dict[str, Any]:
    """Parse TOML bytes named `where`. Raises ConfigError if they are not UTF-8 or not TOML."""
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{where}: not valid TOML: {error}") from None


def shape(table: Mapping[str, Any], into: type[T], where: str) -> T:
    """Make a dataclass of a table, keys checked against its fields and values against their types.

    Keys may be written with `-` or `_`. Understands str, int, float, bool, date, nested dataclasses, tuples of these,
    `tuple[str, ...]` given as one string, and `X | None`. Raises ConfigError naming file, key and what was expected.
    """
    kinds = typing.get_type_hints(into)
    known = {f.name: f for f in fields(into)}  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for written, value in table.items():
        name = written.replace("-", "_")
        if name not in known:
            raise ConfigError(f"{where}: unknown key `{written}`{_nearest(name, known)}")
        values[name] = _value(value, kinds[name], where, written)
    for name, field in known.items():
        if name not in values and field.default is MISSING and field.default_factory is MISSING:
            raise ConfigError(f"{where}: key `{name}` is missing, expected {_expected(kinds[name])}")
    try:
        return into(**values)
    except ValueError as error:
        raise ConfigError(f"{where}: {error}") from None


def _value(value: Any, kind: Any, where: str, key: str) -> Any:
    if typing.get_origin(kind) in (types.UnionType, typing.Union):
        kind = next(k for k in typing.get_args(kind) if k is not type(None))
    if typing.get_origin(kind) is tuple:
        return _several(value, typing.get_args(kind)[0], where, key)
    if is_dataclass(kind) and isinstance(kind, type) and isinstance(value, dict):
        return shape(value, kind, f"{where}: [{key}]")
    if typing.get_origin(kind) is not None and isinstance(value, dict):
        return value  # a free mapping: its reader checks it
    if kind is float and type(value) is int:
        return float(value)
    if not (type(value) is kind or (kind is Path and isinstance(value, Path))):
        raise ConfigError(f"{where}: key `{key}` is {value!r}, expected {_expected(kind)}")
    return value


def _several(value: Any, kind: Any, where: str, key: str) -> tuple[Any, ...]:
    if kind is str and isinstance(value, str):
        return (value,)
    if not isinstance(value, list):
        raise ConfigError(f"{where}: key `{key}` is {value!r}, expected a list")
    return tuple(_value(item, kind, where, f"{key}[{n}]") for n, item in enumerate(value))


def _expected(kind: Any) -> str:
    if is_dataclass(kind):
        return "a table"
    return _NAMES.get(kind, "a list" if typing.get_origin(kind) is tuple else str(kind))


def _nearest(name: str, known: Mapping[str, Any]) -> str:
    import difflib  # only a wrong file pays for it

    near = difflib.get_close_matches(name, known, 1, 0.5)
    return f", the nearest known key is `{near[0]}`" if near else f"; known keys: {', '.join(sorted(known))}"
