"""The page: headline, timeline, where to, from whom, what, the worst, what could not be read, and how it was done."""

from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from missent.archive.report import charts
from missent.archive.report.gathering import Figures
from missent.archive.report.method import Method
from missent.archive.report.redaction import Shown, redacted
from missent.archive.report.said import ACCEPTED, AFTERMATH, FINDINGS, reason, said
from missent.archive.report.texts import Excerpt
from missent.archive.scan.summary import Summary

ROWS = 30


def page(
    told: Summary, figures: Figures, method: Method, shown: Shown = redacted, texts: Mapping[int, Excerpt] | None = None
) -> str:
    """The report as HTML: one file, no scripts, nothing loaded. Raises ConfigError where the extra `archive` is missing.

    `texts`: of the worst, by number of the mail, for a report in full.
    """
    units = Counter({unit: people.total() for unit, people in figures.units.items()})
    people = [(n, who) for each in figures.units.values() for who, n in each.most_common(ROWS)]
    people = sorted(people, key=lambda one: (-one[0], one[1]))[:ROWS]
    return (
        _environment()
        .get_template("report.html")
        .render(
            told=told,
            figures=figures,
            method=method,
            shown=shown,
            full=shown is not redacted,
            texts=texts or {},
            timeline=_both(lambda width: charts.timeline(figures.months, width)),
            tiles=_both(lambda width: charts.tiles(figures.suffixes, width)),
            units=_both(lambda width: charts.bars(units, "Exposures by unit", width)),
            people=[(shown(who), n) for n, who in people],  # several may be shown alike, each in its row
            domains=told.by_domain.most_common(ROWS),
            more_domains=max(0, len(told.by_domain) - ROWS),
            kinds=figures.kinds.most_common(ROWS),
            reasons=Counter(unread.reason for unread in told.skipped).most_common(),
        )
    )


def _both(draw: Callable[[float], str]) -> Markup:
    """A chart for a page and for a phone, of which the style shows one; drawn by us, texts escaped by the library."""
    wide, narrow = draw(charts.WIDE), draw(charts.NARROW)
    if not wide:
        return Markup()
    return Markup(f'<div class="wide">{wide}</div><div class="narrow">{narrow}</div>')  # noqa: S704


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("missent.archive.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    environment.filters |= {"finding": partial(said, FINDINGS), "after": partial(said, AFTERMATH), "reason": reason}
    environment.filters |= {"answer": partial(said, ACCEPTED), "count": "{:,}".format}
    environment.globals["style"] = Markup(resources.files(__package__).joinpath("templates/report.css").read_text())  # noqa: S704 - our own file
    return environment


def _printable(value: object) -> object:
    """Texts of mail without control and direction characters, and not endless."""
    if type(value) is not str:
        return value
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in value[:4_000])
