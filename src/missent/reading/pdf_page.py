"""One page of a PDF: what it shows, what stands beside the text, and text that is there but not to be seen."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

_MOST_OBJECTS = 20_000
_MOST_NOTES = 2000
_KEYS = (b"Contents", b"V", b"TU")
_DOTS = 150 / 72
_VISIBLE_FIRST = 2


@dataclass(slots=True)
class Page:
    """What one page holds.

    Attributes:
        text: all of it, unseen text too; chars: how many characters.
        unseen: characters outside the page's visible box, or drawn invisibly beside visible ones.
        beside: texts of annotations and values of form fields.
        picture: whether it shows a picture and no text.
        rendered: the page as a PNG, where that was asked for and it is a picture.
    """

    text: str = ""
    chars: int = 0
    unseen: int = 0
    beside: list[str] = field(default_factory=list)
    picture: bool = False
    rendered: bytes = b""


def look(document: Any, number: int, *, render: bool) -> Page:
    """Look at one page; one that cannot be loaded is empty."""
    import pypdfium2

    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return Page()
    text = page.get_textpage()
    written = text.get_text_range().replace("\r\n", "\n")
    shown = text.get_text_bounded()
    found = Page(written, len(written.split()) and len("".join(written.split())))
    visible, invisible, pictures = _objects(page)
    outside = found.chars - len("".join(shown.split()))
    faint = invisible if visible >= _VISIBLE_FIRST else 0  # a scan's text lies invisibly over its picture
    found.unseen = min(found.chars, max(0, outside) + faint)
    found.beside = _annotations(page)
    found.picture = bool(pictures) and found.chars < 10
    if found.picture and render:
        found.rendered = _rendered(page)
    text.close()
    page.close()
    return found


def _objects(page: Any) -> tuple[int, int, int]:
    """Text objects that are drawn, characters of those that are not, and pictures."""
    from ctypes import c_ushort

    from pypdfium2 import raw

    visible = invisible = pictures = 0
    textpage = raw.FPDFText_LoadPage(page.raw)
    buffer = (c_ushort * 4096)()
    for at in range(min(raw.FPDFPage_CountObjects(page.raw), _MOST_OBJECTS)):
        thing = raw.FPDFPage_GetObject(page.raw, at)
        kind = raw.FPDFPageObj_GetType(thing)
        pictures += kind == raw.FPDF_PAGEOBJ_IMAGE
        if kind != raw.FPDF_PAGEOBJ_TEXT:
            continue
        if raw.FPDFTextObj_GetTextRenderMode(thing) == raw.FPDF_TEXTRENDERMODE_INVISIBLE:
            octets = min(raw.FPDFTextObj_GetText(thing, textpage, buffer, 8192), 8192)
            invisible += len("".join(bytes(buffer)[: max(0, octets - 2)].decode("utf-16-le", "replace").split()))
        else:
            visible += 1
    raw.FPDFText_ClosePage(textpage)
    return visible, invisible, pictures


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
    out = BytesIO()
    page.render(scale=_DOTS).to_pil().save(out, "PNG")
    return out.getvalue()
