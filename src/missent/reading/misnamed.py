"""Names that do not say what a file is: another ending than its content, and marks that turn a name around.

Only endings that claim a format are compared; many files have an ending of their own (`.xyz`, `.001`), and text may be
called anything that is text.
"""

from missent.message.file_names import TURNING
from missent.reading import kinds

_OFFICE = frozenset("docx docm dotx dotm xlsx xlsm xltx xltm xlsb xlam pptx pptm potx potm ppsx ppsm vsdx".split())
_ODF = frozenset("odt ods odp odg odf ott ots otp fodt".split())
_ENDINGS: dict[str, frozenset[str]] = {
    kinds.ZIP: frozenset("zip jar war apk epub kmz xpi cbz pages numbers key sxw whl nupkg".split()) | _OFFICE | _ODF,
    kinds.OLE: frozenset("doc dot xls xlt xla ppt pot pps msg oft vsd pub mpp msi msp db wps wdb".split()) | _OFFICE,
    kinds.PDF: frozenset(("pdf", "ai")),
    kinds.RTF: frozenset(("rtf", "doc")),
    kinds.TNEF: frozenset(("dat", "tnef")),
    kinds.TAR: frozenset(("tar",)),
    "application/x-7z-compressed": frozenset(("7z", "001")),
    "application/gzip": frozenset("gz tgz emz wmz svgz".split()),
    "application/vnd.rar": frozenset(("rar", "cbr")),
    "image/png": frozenset(("png",)),
    "image/jpeg": frozenset("jpg jpeg jpe jfif".split()),
    "image/gif": frozenset(("gif",)),
    "image/tiff": frozenset(("tif", "tiff")),
}
"""Content -> endings under which it is what it says."""

_CLAIMED = frozenset().union(*_ENDINGS.values()) - {"dat", "db", "001", "key"}
_TEXTUAL = frozenset("csv txt text htm html ics vcf eml xml".split())
_SPELT = frozenset("doc xls ppt csv dat".split())
"""Old endings under which programs write text, HTML or XML."""


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
        return claimed in _CLAIMED - _SPELT - {"svgz"}
    return kind == kinds.UNKNOWN and claimed in _CLAIMED | {"csv", "txt", "htm", "html"}


def turned(name: str) -> bool:
    """Whether a name holds marks that show it otherwise than it is (`ann\\u202excod.exe`)."""
    return not TURNING.isdisjoint(name)
