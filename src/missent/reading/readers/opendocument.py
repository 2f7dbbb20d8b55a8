"""OpenDocument (ISO/IEC 26300): text, sheets, slides; headers, annotations, tracked changes, hidden rows, properties."""

from typing import Any

from lxml import etree

from missent.reading import odf_unseen, xml
from missent.reading.gathering import Into
from missent.reading.unreadable import Unreadable
from missent.reading.unzipping import Package

_PREFIX = b"application/vnd.oasis.opendocument."
_LINES = ("p", "h", "table-row", "line-break")
_BREAKS = dict.fromkeys((*_LINES, "creator", "date"), "\n") | {"table-cell": "\t", "tab": "\t", "page": "\f", "table": "\f"}
_ENCRYPTED = b"encryption-data"


def kind_of(package: Package) -> str:
    """Its media type, "" if a zip file is none."""
    kind = package.get("mimetype")[:100].strip() if package.has("mimetype") and package.has("content.xml") else b""
    return kind.decode("ascii", "replace") if kind.startswith(_PREFIX) else ""


def read(package: Package, into: Into) -> None:
    """Everything that is text. Raises Unreadable: `encrypted-document` and what `xml.parse` raises."""
    if _ENCRYPTED in package.get("meta-inf/manifest.xml"):
        raise Unreadable("encrypted-document")
    content = xml.parse(package.get("content.xml"), into.budget)
    if package.has("styles.xml"):
        masters = (e for e in xml.walk(xml.parse(package.get("styles.xml"), into.budget)) if xml.local(e) == "master-styles")
        into.text("".join(text for element in masters for text in _texts(element)))
    into.text("".join(_texts(content)))
    names = [xml.local(element) for element in xml.walk(content)]
    into.hidden("comments", 0, names.count("annotation"))
    into.hidden("tracked-changes", 0, names.count("changed-region"))
    odf_unseen.tell(content, into)
    if package.has("meta.xml"):
        for element in xml.walk(xml.parse(package.get("meta.xml"), into.budget)):
            if element.text and not len(element):
                into.property(xml.attribute(element, "name") or xml.local(element), element.text)
    for name in package.names("object"):
        if name.endswith("/content.xml"):
            into.text("".join(_texts(xml.parse(package.get(name), into.budget))))
    if any(name.startswith("pictures/") for name in package.names()):
        into.skip("image")


def _texts(root: Any) -> list[str]:
    out: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if event == "start":
            if xml.local(element) == "s":
                out.append(" ")
            if element.text:
                out.append(element.text)
        else:
            if xml.local(element) == "table-cell" and out and out[-1] == "\n":
                out.pop()  # a row of a table is a line
            out.append(_BREAKS.get(xml.local(element), ""))
            if element.tail and not element.tail.isspace():
                out.append(element.tail)
    return out
