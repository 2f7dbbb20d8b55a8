"""PowerPoint presentations: slides in order, hidden slides, speaker notes, comments, and what stands on the master."""

from collections.abc import Iterator
from typing import Any

from missent.reading import xml
from missent.reading.gathering import Into
from missent.reading.office_text import office_text
from missent.reading.unreadable import Unreadable
from missent.reading.unzipping import Package


def read(package: Package, into: Into) -> None:
    """One page of text a slide. Never raises: a part that cannot be read is said."""
    shown = held = 0
    pages: list[str] = []
    for root in _roots(package, "ppt/slides/slide", into):
        held += 1
        shown += xml.attribute(root, "show") not in ("0", "false")
        pages.append(_text(root))
    into.text("\f".join(pages))
    into.hidden("hidden-slides", shown, held)
    for kind, start in (("notes", "ppt/notesslides/notesslide"), ("comments", "ppt/comments/")):
        said = [text for text in map(_text, _roots(package, start, into)) if any(letter.isalpha() for letter in text)]
        into.text("\n".join(said))
        into.hidden(kind, 0, len(said))
    for start in ("ppt/slidemasters/slidemaster", "ppt/slidelayouts/slidelayout", "ppt/diagrams/data", "ppt/charts/chart"):
        for root in _roots(package, start, into):
            into.text(_own(root) if "slide" in start else _text(root))


def _roots(package: Package, start: str, into: Into) -> Iterator[Any]:
    for name in package.names(start, ".xml"):
        try:
            yield xml.parse(package.get(name), into.budget)
        except Unreadable as stop:
            into.skip(stop.reason)


def _text(root: Any) -> str:
    modern = [e.text for e in xml.walk(root) if xml.local(e) == "text" and e.text]  # comments before threads existed
    return "".join([*office_text(root).shown, *modern]).strip()


def _own(root: Any) -> str:
    """Text of a master's own shapes; what placeholders say is a prompt for whoever writes."""
    shapes = (e for e in xml.walk(root) if xml.local(e) == "sp")
    return "\n".join(_text(s) for s in shapes if not any(xml.local(e) == "ph" for e in xml.walk(s)))
