"""The page as PDF, printed by a browser that is on the machine: Chromium's own print, without network."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from missent.errors import ConfigError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 120

_FLAGS = ("--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-dev-shm-usage")


def write_pdf(html: str, path: Path) -> None:
    """Print a page. Raises ConfigError where there is no browser, or it does not print."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise ConfigError(f"--report {path}: PDF is printed by Chromium, which is not installed: write .html instead")
    with tempfile.TemporaryDirectory(prefix="missent-report-") as name:
        page = Path(name) / "report.html"
        page.write_text(html)
        command = [browser, *_FLAGS, *_sandbox(), f"--user-data-dir={name}/profile", "--no-pdf-header-footer"]
        command += [f"--print-to-pdf={path.absolute()}", page.as_uri()]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)  # noqa: S603 - a browser and our own page
        except (OSError, subprocess.SubprocessError) as error:
            raise ConfigError(f"--report {path}: {browser} could not print it: {type(error).__name__}") from None
    if not path.is_file():
        raise ConfigError(f"--report {path}: {browser} wrote nothing")


def _sandbox() -> tuple[str, ...]:
    """Root has no sandbox in Chromium; the page is our own and loads nothing."""
    import os

    return ("--no-sandbox",) if os.geteuid() == 0 else ()
