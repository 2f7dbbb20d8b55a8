"""zip files, and the formats that are one: Office Open XML, OpenDocument. Sizes a file claims are not believed."""

import zipfile
from io import BytesIO

from missent.reading.gathering import File, Into
from missent.reading.readers import ooxml, opendocument
from missent.reading.unreadable import Unreadable
from missent.reading.unzipping import Package, open_zip

_SPANNING = 4  # octets that the first of several volumes begins with


def read(file: File, into: Into) -> str | None:
    """Each file within, or the document it is. Raises Unreadable."""
    try:
        archive = open_zip(BytesIO(file.data), into.budget)
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        raise Unreadable("damaged") from None
    package = Package(archive, file.data, into.budget)
    if ooxml.is_one(package):
        return ooxml.read(package, into)
    if kind := opendocument.kind_of(package):
        opendocument.read(package, into)
        return kind
    _members(package, into)
    return None


def _members(package: Package, into: Into) -> None:
    first = min((member.header_offset for member in package.members), default=0)
    if first > _SPANNING:
        into.hidden("polyglot", 1, 2)
    for member in package.members:
        if member.is_dir():
            continue
        try:
            into.inside(member.filename, package.read(member))
        except Unreadable as stop:
            into.skip(stop.reason)
            into.text(member.filename, "name")
            if stop.reason in ("too-large", "reader-too-slow") and into.budget.octets < 0:
                return


def preload() -> None:
    """What is needed once a file is read."""
    ooxml.preload()
