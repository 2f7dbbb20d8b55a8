"""HTML as a file of its own or as a message's body: what is seen, what is hidden, files within data URLs."""

from missent.reading import markup, tame
from missent.reading.gathering import File, Into
from missent.reading.readers.plain import text_of

_LARGEST = 5_000_000


def read(file: File, into: Into) -> None:
    """An attached page."""
    into.text(shown(text_of(file, into), into))


def shown(text: str, into: Into) -> str:
    """The visible text, for the caller to place; the rest goes where it belongs.

    Without the parser, or where it would take too long, all text between tags is taken as visible.
    """
    if len(text) > _LARGEST or not tame.is_tame(text):
        into.skip("not-tame")
        return markup.text_of(text)
    try:
        from missent.reading import html
    except ImportError:
        return markup.text_of(text)
    page = html.read(text)
    into.text(page.unseen)
    into.text("\n".join(page.comments))
    into.text("\n".join(page.said))
    into.hidden("hidden-text", len(page.seen), len(page.seen) + len(page.unseen))
    into.hidden("comments", 0, len(page.comments))
    for kind, data in page.inline:
        into.inside("", data, kind)
    return page.seen


def preload() -> None:
    """What is needed once a file is read."""
    from missent.reading import html

    html.read("<p>-")
