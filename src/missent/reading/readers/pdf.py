"""PDF (ISO 32000): pages, annotations and form fields, properties, attachments; text that no page shows."""

import re
from typing import Any

from missent.reading import pdf_page
from missent.reading.gathering import File, Into
from missent.reading.unreadable import Unreadable

_LABEL = re.compile(rb"/(MSIP_Label_[0-9A-Za-z_-]{10,80})\s*\(((?:[^()\\]|\\.){0,500})\)")
_MOST_PAGES = 5000


def read(file: File, into: Into) -> None:
    """One page of text a page. Raises Unreadable: `encrypted-document`, `damaged`, `reader-too-slow`."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(file.data)
    except pypdfium2.PdfiumError as error:
        password = getattr(error, "err_code", 0) == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise Unreadable("encrypted-document" if password else "damaged") from None
    try:
        _properties(document, file.data, into)
        _pages(document, into)
        for number in range(min(document.count_attachments(), 1000)):
            attached = document.get_attachment(number)
            into.inside(attached.get_name(), bytes(attached.get_data()))
    finally:
        document.close()


def _properties(document: Any, data: bytes, into: Into) -> None:
    for name, value in document.get_metadata_dict(skip_empty=True).items():
        into.property(name, value)
    for label, value in _LABEL.findall(data):
        into.property(label.decode("ascii"), value.decode("latin-1"))


def _pages(document: Any, into: Into) -> None:
    """Text of all pages together, so that what is repeated on each is seen as such."""
    pages: list[str] = []
    beside: list[str] = []
    shown = held = 0
    try:
        for number in range(len(document)):
            into.budget.time()
            if number >= _MOST_PAGES:
                raise Unreadable("too-many-parts")
            page = pdf_page.look(document, number, render=into.ocr)
            pages.append(page.text)
            beside += page.beside
            held += page.chars
            shown += page.chars - page.unseen
            if page.picture:
                _picture(page, into)
    finally:
        into.text("\f".join(pages))
        into.text("\n".join(beside))
        into.hidden("unseen-text", shown, held)
        into.hidden("comments", 0, len(beside))


def _picture(page: pdf_page.Page, into: Into) -> None:
    """A page that is only a picture."""
    if not into.ocr:
        into.skip("image")
        return
    from missent.reading import ocr

    into.text(ocr.text(page.rendered))


def preload() -> None:
    """What is needed once a file is read."""
    import pypdfium2

    del pypdfium2
