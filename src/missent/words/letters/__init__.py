"""Letters to senders: what missent itself writes, as templates, one folder per language.

A template gets facts and makes sentences of them. In `.html` every fact is escaped; in `.txt` a fact is kept to one
line without control or direction-changing characters, so that no address can pass itself off as our words.
"""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


def write(name: str, facts: Mapping[str, object], language: str = "en") -> str:
    """One letter, e.g. `notice.txt`. Raises jinja2.UndefinedError if a fact it needs is missing."""
    return _environment().get_template(f"{language}/{name}").render(facts)


def shown(value: object, longest: int = 400) -> str:
    r"""A fact as people may safely see it: one line, nothing invisible, cut where it is absurdly long.

    >>> shown("a\r\nBcc: b\u202emoc.x")
    'a��Bcc: b�moc.x'
    """
    text = str(value)
    seen = "".join("\N{REPLACEMENT CHARACTER}" if _hidden(c) else c for c in text[:longest])
    return seen if len(text) <= longest else seen + "…"


def quoted(sentence: str) -> "Markup":
    """A sentence of `missent.words` for HTML: what stands between backticks is set apart, everything is escaped.

    >>> quoted("`<b>.ml` is new")
    Markup('<code>&lt;b&gt;.ml</code> is new')
    """
    from markupsafe import Markup, escape

    pieces = shown(sentence, 4000).split("`")
    return Markup().join(Markup("<code>{}</code>").format(p) if n % 2 else escape(p) for n, p in enumerate(pieces))


def _hidden(character: str) -> bool:
    """Control, format (bidirectional overrides, zero-width), surrogate, private, unassigned, line separators."""
    category = unicodedata.category(character)
    return category[0] == "C" or category in ("Zl", "Zp")


@lru_cache(maxsize=1)
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=PackageLoader("missent.words", "letters"),
        autoescape=select_autoescape(("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.filters["moment"] = moment
    environment.filters["said"] = quoted
    return environment


def _finalize(value: object) -> object:
    return shown(value, longest=4000) if type(value) is str else value


def moment(at: object) -> str:
    """A UTC moment in words: `Thursday 26 November 2026, 10:02 UTC`."""
    return f"{at:%A} {at:%-d} {at:%B %Y, %H:%M} UTC"
