"""Office Open XML (ECMA-376): which document it is, its properties and labels, what is embedded in it."""

from contextlib import suppress
from typing import Any

from missent.reading import xml
from missent.reading.gathering import Into
from missent.reading.office_text import office_text
from missent.reading.readers import excel, image, powerpoint, word
from missent.reading.unreadable import Unreadable
from missent.reading.unzipping import Package

_KINDS = {
    "word/": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", word.read),
    "ppt/": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", powerpoint.read),
    "xl/": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", excel.read),
}
_OTHER = "application/x-ooxml"


def is_one(package: Package) -> bool:
    """Whether a zip file is an Office document."""
    return package.has("[content_types].xml")


def read(package: Package, into: Into) -> str:
    """Text, properties, labels and embedded files; the media type. Raises Unreadable."""
    root, (kind, reader) = next(((r, k) for r, k in _KINDS.items() if package.names(r)), ("", (_OTHER, _anything)))
    _properties(package, into)
    reader(package, into)
    for name in package.names(root):
        if "/embeddings/" in name or name.endswith("/vbaproject.bin"):
            into.inside(name.rpartition("/")[2], package.get(name))
    _pictures(package, root, into)
    return kind


def _properties(package: Package, into: Into) -> None:
    for name in ("docprops/core.xml", "docprops/app.xml"):
        for element in _children(package, name, into):
            if not len(element) and element.text:
                into.property(xml.local(element), element.text)
    for element in _children(package, "docprops/custom.xml", into):
        into.property(xml.attribute(element, "name"), "".join(element.itertext()))
    if label := package.get("docmetadata/labelinfo.xml"):
        into.text(label[:200_000].decode("utf-8", "replace"))


def _children(package: Package, name: str, into: Into) -> list[Any]:
    if not package.has(name):
        return []
    try:
        return [element for element in xml.parse(package.get(name), into.budget) if isinstance(element.tag, str)][:2000]
    except Unreadable as stop:
        into.skip(stop.reason)
        return []


def _pictures(package: Package, root: str, into: Into) -> None:
    """Pictures large enough to hold text: read where asked, else said once for the document."""
    for name in package.names(root):
        if "/media/" not in name:
            continue
        with suppress(Unreadable):
            data = package.get(name)
            if into.ocr:
                into.inside(name.rpartition("/")[2], data)
            elif image.holds_text(data):
                into.skip("image")
                return


def _anything(package: Package, into: Into) -> None:
    """A document of another program: the text of every part."""
    for name in package.names(end=".xml"):
        with suppress(Unreadable):
            into.text("".join(office_text(xml.parse(package.get(name), into.budget)).shown))
    into.skip("not-a-known-type")


def preload() -> None:
    """What is needed once a file is read."""
    excel.preload()
