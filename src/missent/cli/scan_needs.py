"""What `missent scan` will need at its end, asked before it begins: hours of reading must not end in a missing library."""

import shutil
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from missent.cli.site import Site, user
from missent.errors import ConfigError

_PAGES = (".html", ".htm", ".pdf")


def needs(site: Site, options: Mapping[str, Any]) -> None:
    """Raises click.UsageError or ConfigError, one line that says what is missing and how to get it."""
    if options["report"]:
        _report(Path(options["report"]))
    if options["results"]:
        _package("--results", "pyarrow")
    for name in ("lines", "report", "sheet"):
        if options[name] and not Path(options[name]).absolute().parent.is_dir():
            raise click.UsageError(f"{options[name]}: there is no folder {Path(options[name]).absolute().parent}")
    allowed = site.settings.scan.full_report_users
    if options["full"] and allowed and user() not in allowed:
        raise ConfigError(
            f"--full: `full_report_users` of [scan] does not name {user()}; without --full the report is redacted"
        )


def _report(path: Path) -> None:
    if path.suffix.lower() not in _PAGES:
        raise click.UsageError(f"--report is {path}, expected a file that ends in .html or .pdf")
    for package in ("matplotlib", "squarify"):
        _package("--report", package)
    if path.suffix.lower() == ".pdf":
        from missent.archive.report.pdf import BROWSERS

        if not any(map(shutil.which, BROWSERS)):
            raise ConfigError(f"--report {path}: PDF is printed by Chromium, which is not installed: write .html instead")


def _package(option: str, name: str) -> None:
    try:
        there = find_spec(name) is not None
    except ValueError:  # blocked, or half imported
        there = False
    if not there:
        raise ConfigError(f"{option} takes the extra `archive`: pip install 'missent[archive]'")
