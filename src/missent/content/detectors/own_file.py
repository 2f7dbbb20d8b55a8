"""The file of an organisation's own patterns and dictionaries, read and checked before any message."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from missent import tables
from missent.content.detectors.detector import Category
from missent.content.detectors.own_pattern import OwnPattern, OwnPatterns
from missent.content.matching.swift import installed
from missent.errors import ConfigError
from missent.nouns.finding import Severity

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+){0,9}")
_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*pattern[ \t]*\]\]", re.MULTILINE)
_MOST, _LONGEST = 5_000, 2_000


@dataclass(frozen=True, slots=True)
class _Row:
    name: str = ""
    expression: str = ""
    words: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    severity: str = "medium"
    category: str = "document"
    least: int = 1


def read_patterns(data: bytes, where: str) -> OwnPatterns:
    """Read the file's octets. Raises ConfigError: one line with file, line, key and what was expected."""
    table = tables.parse(data, where)
    if table.keys() - {"pattern"}:
        raise ConfigError(f"{where}: unknown key `{min(table.keys() - {'pattern'})}`, the only one is `pattern`")
    rows = table.get("pattern", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ConfigError(f"{where}: key `pattern` is no list of tables, expected `[[pattern]]`")
    if rows and not installed():
        raise ConfigError(f"{where}: own patterns need the extra `content`: pip install 'missent[content]'")
    lines = [data[: found.start()].count(b"\n") + 1 for found in re.finditer(_HEADER.pattern.encode(), data, re.MULTILINE)]
    places = (
        [f"{where}:{line}" for line in lines]
        if len(lines) == len(rows)
        else [f"{where}: pattern {n + 1}" for n in range(len(rows))]
    )
    patterns = [_pattern(row, place) for row, place in zip(rows, places, strict=True)]
    for place, twice in zip(places, _twice(patterns), strict=True):
        if twice:
            raise ConfigError(f"{place}: key `name` is {twice!r}, which another pattern has")
    return OwnPatterns(patterns)


def _pattern(table: Mapping[str, Any], place: str) -> OwnPattern:
    row = tables.shape(table, _Row, place)
    for key, wrong in _wrong(row):
        raise ConfigError(f"{place}: key `{key}` {wrong}")
    expression = row.expression or r"\b(?:" + "|".join(re.escape(word.strip()) for word in row.words) + r")\b"
    pattern = OwnPattern(row.name, expression, Severity.of(row.severity), row.category, row.near, row.least)
    try:
        OwnPatterns([pattern])
    except ValueError as error:
        raise ConfigError(f"{place}: key `{'expression' if row.expression else 'words'}` cannot be matched: {error}") from None
    return pattern


def _wrong(row: _Row) -> Iterator[tuple[str, str]]:
    """What is wrong with a row: key, and what was expected."""
    if not _NAME.fullmatch(row.name):
        yield "name", f"is {row.name[:80]!r}, expected lower-case words with hyphens"
    if bool(row.expression) == bool(row.words):
        yield "expression", "and `words`: expected one of the two"
    if len(row.expression) > _LONGEST or len(row.words) > _MOST:
        yield "expression" if row.expression else "words", f"is too long, expected at most {_LONGEST} letters or {_MOST} words"
    if any(len(word.strip()) < 2 for word in (*row.words, *row.near)):
        yield "words", "holds a word shorter than two letters"
    if row.severity not in ("low", "medium", "high"):
        yield "severity", f"is {row.severity!r}, expected low, medium or high"
    if row.category not in set(Category):
        yield "category", f"is {row.category!r}, expected one of {', '.join(Category)}"
    if row.least < 1:
        yield "least", f"is {row.least}, expected 1 or more"


def _twice(patterns: list[OwnPattern]) -> Iterator[str]:
    seen = set()
    for pattern in patterns:
        yield pattern.name if pattern.name in seen else ""
        seen.add(pattern.name)
