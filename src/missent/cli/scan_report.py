"""`missent scan --report`: the page written, and a look at whole addresses noted in the audit chain."""

import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from missent.cli.site import Site, user
from missent.nouns.audit import AuditEvent

if TYPE_CHECKING:
    from missent.archive.scan.state import State
    from missent.archive.scan.summary import Summary


def write_report(site: Site, state: "State", told: "Summary", how: tuple[str, object, bool]) -> None:
    """Write the report. `how`: policy version, the file, whether addresses are whole. Raises ConfigError, StoreError."""
    from missent.archive.report.gathering import gather
    from missent.archive.report.method import method
    from missent.archive.report.page import page
    from missent.archive.report.redaction import in_full, redacted
    from missent.archive.report.texts import excerpts
    from missent.archive.scan.plan import Plan
    from missent.archive.scan.running import exposures

    policy, file, full = how
    path, now = Path(str(file)), datetime.now(UTC)
    if full:
        facts = {"exposures": told.exposures, "messages": told.messages}
        site.store().audit.record(AuditEvent(now, "report.full", f"cli:{user()}", facts))
    said = method(Plan(state), shlex.join(["missent", *sys.argv[1:]]), policy, now)
    figures = gather(exposures(state))
    html = page(told, figures, said, *((in_full, excerpts(figures.worst)) if full else (redacted,)))
    if path.suffix.lower() == ".pdf":
        from missent.archive.report.pdf import write_pdf

        write_pdf(html, path)
    else:
        path.write_text(html)
