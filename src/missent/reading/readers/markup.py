"""XML that is no page: its text, attribute values included, since formats keep text in either."""

from missent.reading import xml
from missent.reading.gathering import File, Into


def read(file: File, into: Into) -> None:
    """All text of the document. Raises Unreadable."""
    root = xml.parse(file.data, into.budget)
    out: list[str] = []
    for element in xml.walk(root):
        out += [value for value in element.attrib.values() if " " in value]
        out += [text for text in (element.text, element.tail) if text and not text.isspace()]
    into.text("\n".join(out))
    if b"/mipLabelMetadata" in file.data or b"stanag:4774" in file.data:
        into.text(file.data[:200_000].decode("utf-8", "replace"))


def preload() -> None:
    """What is needed once a file is read."""
    xml.parse(b"<a/>")
