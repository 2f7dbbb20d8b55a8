"""Names that do not say what a file is: another ending than its content, and marks that turn a name around.

Only endings that claim a format are compared; many files have an ending of their own (`.xyz`, `.001`), and text may be
called anything that is text.
"""

from missent.message.file_names import TURNING
from missent.reading import kinds

_FORMATS = """
application/zip: zip jar war apk epub kmz xpi cbz pages numbers key sxw whl nupkg docx docm dotx dotm xlsx xlsm xltx xltm
    xlsb xlam pptx pptm potx potm ppsx ppsm vsdx odt ods odp odg odf ott ots otp fodt
application/x-ole-storage: doc dot xls xlt xla ppt pot pps msg oft vsd pub mpp msi msp db wps wdb docx docm xlsx xlsm xlsb pptx
    pptm
application/pdf: pdf ai
application/rtf: rtf doc
application/ms-tnef: dat tnef
application/x-tar: tar
application/x-7z-compressed: 7z 001
application/gzip: gz tgz emz wmz svgz
application/vnd.rar: rar cbr
image/png: png
image/jpeg: jpg jpeg jpe jfif
image/gif: gif
image/tiff: tif tiff
"""
_ENDINGS = {
    kind: frozenset(endings.split())
    for kind, _, endings in (row.partition(":") for row in _FORMATS.replace("\n    ", " ").strip().splitlines())
}
"""Content -> endings under which it is what it says."""

_CLAIMED = frozenset().union(*_ENDINGS.values()) - {"dat", "db", "001", "key"}
_TEXTUAL = frozenset(("csv", "txt", "text", "htm", "html", "ics", "vcf", "eml", "xml"))
_SPELT = frozenset(("doc", "xls", "ppt", "csv", "dat", "svgz"))
"""Endings under which programs write text, HTML or XML."""


def ending(name: str) -> str:
    """A name's ending in lower case, without the dot; "" if it has none."""
    _, dot, last = name.strip().rpartition(".")
    return last.lower() if dot and len(last) <= 5 else ""


def misnamed(name: str, kind: str) -> bool:
    """Whether a name's ending claims another format than the content has."""
    claimed = ending(name)
    if kind in _ENDINGS:
        return claimed not in _ENDINGS[kind] and claimed in _CLAIMED | _TEXTUAL
    if kind.startswith(("text/", "message/")) or kind == kinds.XML:
        return claimed in _CLAIMED - _SPELT
    return kind == kinds.UNKNOWN and claimed in _CLAIMED | {"csv", "txt", "htm", "html"}


def turned(name: str) -> bool:
    """Whether a name holds marks that show it otherwise than it is: an override of direction shows `…fdp.exe` as `…exe.pdf`."""
    return not TURNING.isdisjoint(name)
