"""Secrets as their scanners publish them, found or not: part of `python -m bench.content`.

`secrets_published.tsv` holds what gitleaks, Nosey Parker and detect-secrets give in their tests as secrets and as none. They
are made for code; a string is looked at alone, as the text of a message.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from missent.content.detectors.look import Looker
from missent.content.pieces import Piece

ROWS = Path(__file__).with_name("secrets_published.tsv")


@dataclass
class Published:
    """One scanner's strings: secrets there, found; others, falsely found; which rules had some missed."""

    scanner: str
    there: int = 0
    found: int = 0
    others: int = 0
    false: int = 0
    missed: dict[str, int] = field(default_factory=dict)


def published(looker: Looker) -> list[Published]:
    """Each scanner's strings, in the order in which they were read, and all together."""
    told: dict[str, Published] = {}
    for when, rule, sign, text in _rows():
        for name in (f"{rule.partition(' ')[0]}, {when} reading", "all"):
            _count(told.setdefault(name, Published(name)), rule, sign, _found(looker, text))
    return sorted(told.values(), key=lambda row: row.scanner == "all")


def said(rows: Sequence[Published]) -> Iterator[str]:
    """The table for people."""
    yield f"\n{'published strings':<34}{'there':>7}{'found':>7}{'others':>8}{'false':>7}{'recall':>8}{'precision':>11}"
    for row in rows:
        recall, right = row.found / max(1, row.there), row.found / max(1, row.found + row.false)
        yield f"{row.scanner:<34}{row.there:>7}{row.found:>7}{row.others:>8}{row.false:>7}{recall:>8.3f}{right:>11.3f}"
    yield "  missed: " + ", ".join(f"{rule}: {count}" for rule, count in rows[-1].missed.items())


def _rows() -> Iterator[tuple[str, str, str, str]]:
    for line in ROWS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            when, rule, sign, backwards = line.split("\t")
            yield when, rule, sign, json.loads(f'"{backwards[::-1]}"')


def _found(looker: Looker, text: str) -> bool:
    return any(f.id == "credentials" for f in looker.look([Piece("body", text)]))


def _count(row: Published, rule: str, sign: str, found: bool) -> None:  # noqa: FBT001 — a row of a table
    if sign == "+":
        row.there += 1
        row.found += found
        if not found:
            row.missed[rule] = row.missed.get(rule, 0) + 1
    else:
        row.others += 1
        row.false += found
