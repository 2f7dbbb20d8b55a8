"""Exposures as CSV, for spreadsheets: one row each, what a cell must not begin with made harmless."""

import csv
from collections.abc import Iterable
from pathlib import Path

from missent.archive.scan.exposure import Exposure, iso

_FORMULA = ("=", "+", "-", "@", "\t", "\r")

COLUMNS = (
    "message_id", "date", "from", "rcpt", "findings", "confidence", "meant", "marking", "categories", "answered", "accepted",
    "accepted_by", "aftermath", "where",
)  # fmt: skip


def write_csv(exposures: Iterable[Exposure], path: Path) -> None:
    """One row an exposure; what a spreadsheet would take for a formula begins with an apostrophe (OWASP, CSV injection)."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for exposure in exposures:
            writer.writerow([_harmless(cell) for cell in _cells(exposure)])


def _cells(e: Exposure) -> list[str]:
    marking = e.marking[2] if e.marking else ""
    after = " ".join(f"{a.kind}@{a.date}" for a in e.aftermath)
    found = [
        e.message_id,
        iso(e.at) or "",
        e.sender,
        e.rcpt,
        " ".join(e.findings),
        f"{e.confidence:.2f}",
        e.meant or "",
        marking,
    ]
    return [*found, " ".join(e.categories), "yes" if e.answered else "no", e.accepted, e.accepted_by, after, " ".join(e.where)]


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
