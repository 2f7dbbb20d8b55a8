"""Templates into pages. Everything is escaped; style stands in the page, named by its hash, so nothing else is loaded."""

import base64
import hashlib
from functools import lru_cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from missent.words.letters import moment, quoted, shown


@lru_cache(maxsize=1)
def style() -> str:
    """The one style sheet."""
    return resources.files("missent.web").joinpath("style.css").read_text("utf-8")


def style_hash() -> str:
    """What the Content-Security-Policy calls it: SHA-256 in base64."""
    return base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()


def page(name: str, status: int = 200, **facts: object) -> HTMLResponse:
    """One page. Raises jinja2.UndefinedError if a fact it needs is missing."""
    return HTMLResponse(_environment().get_template(name).render(facts), status_code=status)


def plain(title: str, text: str, status: int) -> HTMLResponse:
    """A page that only says something."""
    return page("plain.html", status, title=title, text=text)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("missent.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: shown(value, 4000) if type(value) is str else value,
    )
    environment.globals["style"] = Markup(style())  # noqa: S704 - our own file
    environment.filters["moment"] = moment
    environment.filters["said"] = quoted
    return environment
