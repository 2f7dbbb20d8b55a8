"""One page of a PDF: what it shows, what stands beside the text, and text that is there but not to be seen."""

from dataclasses import dataclass, field
from typing import Any

_MOST_OBJECTS = 20_000
_MOST_NOTES = 2000
_KEYS = (b"Contents", b"V", b"TU")
_DOTS = 150 / 72
_VISIBLE_FIRST = 2  # visible texts beside which invisible ones are hidden rather than a scan's


@dataclass(slots=True)
class Page:
    """What one page holds.

    Attributes:
        text: all of it, unseen text too; chars: how many letters.
        unseen: letters outside the page's visible box, or drawn invisibly beside visible ones.
        beside: texts of annotations and values of form fields.
        picture: whether it shows a picture and no text.
        rendered: the page as a picture, where that was asked for and it is a picture.
    """

    text: str = ""
    chars: int = 0
    unseen: int = 0
    beside: list[str] = field(default_factory=list)
    picture: bool = False
    rendered: bytes = b""


@dataclass(slots=True)
class _Objects:
    """What is drawn: texts one sees, letters outside the box and letters drawn invisibly, pictures."""

    visible: int = 0
    outside: int = 0
    faint: int = 0
    pictures: int = 0


def look(document: Any, number: int, *, render: bool) -> Page:
    """Look at one page; one that cannot be loaded is empty."""
    import pypdfium2

    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return Page()
    text = page.get_textpage()
    written = text.get_text_range().replace("\r\n", "\n")
    drawn = _objects(page, text)
    found = Page(written, _letters(written))
    faint = drawn.faint if drawn.visible >= _VISIBLE_FIRST else 0  # a scan's text lies invisibly over its picture
    found.unseen = min(found.chars, drawn.outside + faint)
    found.beside = _annotations(page)
    found.picture = bool(drawn.pictures) and found.chars < 10
    if found.picture and render:
        found.rendered = _rendered(page)
    text.close()
    page.close()
    return found


def _letters(text: str) -> int:
    return len("".join(text.split()))


def _objects(page: Any, textpage: Any) -> _Objects:
    from pypdfium2 import raw

    drawn = _Objects()
    box = page.get_bbox()
    for at in range(min(raw.FPDFPage_CountObjects(page.raw), _MOST_OBJECTS)):
        thing = raw.FPDFPage_GetObject(page.raw, at)
        kind = raw.FPDFPageObj_GetType(thing)
        drawn.pictures += kind == raw.FPDF_PAGEOBJ_IMAGE
        if kind != raw.FPDF_PAGEOBJ_TEXT:
            continue
        if _beyond(thing, box):
            drawn.outside += _letters(_text_of(thing, textpage))
        elif raw.FPDFTextObj_GetTextRenderMode(thing) == raw.FPDF_TEXTRENDERMODE_INVISIBLE:
            drawn.faint += _letters(_text_of(thing, textpage))
        else:
            drawn.visible += 1
    return drawn


def _beyond(thing: Any, box: tuple[float, float, float, float]) -> bool:
    """Whether an object lies wholly outside the visible box (left, bottom, right, top)."""
    from ctypes import byref, c_float

    from pypdfium2 import raw

    edges = [c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(thing, *(byref(edge) for edge in edges)):
        return False
    left, bottom, right, top = (edge.value for edge in edges)
    return right < box[0] or top < box[1] or left > box[2] or bottom > box[3]


def _text_of(thing: Any, textpage: Any) -> str:
    from ctypes import c_ushort

    from pypdfium2 import raw

    buffer = (c_ushort * 4096)()
    octets = min(raw.FPDFTextObj_GetText(thing, textpage.raw, buffer, 8192), 8192)
    return bytes(buffer)[: max(0, octets - 2)].decode("utf-16-le", "replace")


def _annotations(page: Any) -> list[str]:
    from ctypes import c_ushort

    from pypdfium2 import raw

    texts: list[str] = []
    buffer = (c_ushort * 8192)()
    for at in range(min(raw.FPDFPage_GetAnnotCount(page.raw), _MOST_NOTES)):
        note = raw.FPDFPage_GetAnnot(page.raw, at)
        if not note:
            continue
        for key in _KEYS:
            octets = min(raw.FPDFAnnot_GetStringValue(note, key, buffer, 16_384), 16_384)
            text = bytes(buffer)[: max(0, octets - 2)].decode("utf-16-le", "replace")
            if text.strip():
                texts.append(text)
        raw.FPDFPage_CloseAnnot(note)
    return texts


def _rendered(page: Any) -> bytes:
    """The page in grey as a portable graymap (netpbm), which needs no library to write."""
    bitmap = page.render(scale=_DOTS, grayscale=True)
    width, height, stride = bitmap.width, bitmap.height, bitmap.stride
    octets = bytes(bitmap.buffer)
    bitmap.close()
    return b"P5 %d %d 255\n" % (width, height) + b"".join(octets[y * stride : y * stride + width] for y in range(height))
