"""Wrong persons by the recipient model, as `missent scan` is asked for them."""

from typing import TYPE_CHECKING

import click

from missent.archive.scan.accusing import MOST, Asked
from missent.cli.site import Site
from missent.errors import ConfigError

if TYPE_CHECKING:
    from missent.recipients.model.model import Model


def wrong_persons(site: Site, rate: float | None) -> Asked | None:
    """How they are looked for, None if they are not. Raises ConfigError without NumPy, click.UsageError for a wrong rate."""
    if rate is None:
        return None
    if not 0 < rate <= MOST:
        raise click.UsageError(f"--wrong-persons is {rate:g}, expected more than 0 and up to {MOST} of 1,000 mails")
    from missent.store.recipient_model import available

    if not available():
        raise ConfigError("scan: --wrong-persons needs NumPy: pip install missent[ml]")
    return Asked(_model(site), rate)


def _model(site: Site) -> "Model":
    """The one the site has trained, else the packaged one."""
    from missent.store import pages
    from missent.store.recipient_model import in_force, prior

    if not site.has_store:
        return prior()
    rows = site.store().rows()
    return in_force(rows, pages.newest(rows))
