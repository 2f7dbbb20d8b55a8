"""Words in pictures, by the real tesseract, where they are asked for."""

import struct
import zlib

import pypdfium2
import pytest

from missent.message.reading import read
from missent.reading import ocr
from missent.reading.opener import Opener
from missent.settings import ReadingSettings

from .making import carrying, pdf, shown


@pytest.fixture(scope="module")
def reading():
    if not ocr.program():
        pytest.skip("tesseract is not installed")
    with Opener(ReadingSettings(ocr=True, seconds=25)) as opener:
        yield opener


def png(width, height, rows):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows))) + chunk(b"IEND", b"")
    )


def picture(text):
    """A page that shows a text, as a picture."""
    document = pypdfium2.PdfDocument(pdf(shown(text)))
    bitmap = document[0].render(scale=2, grayscale=True)
    octets, stride = bytes(bitmap.buffer), bitmap.stride
    made = png(bitmap.width, bitmap.height, [octets[y * stride : y * stride + bitmap.width] for y in range(bitmap.height)])
    bitmap.close()
    document.close()
    return made


def test_words_in_a_picture_are_read(reading):
    raw = carrying(("scan.png", picture("OFFICIAL SENSITIVE")))
    found = reading.open(raw, read(raw))
    assert "OFFICIAL SENSITIVE" in "".join(p.text for p in found.pieces)
    assert found.skipped == ()


def test_a_page_that_is_only_a_picture_is_read(reading):
    text = "<</Type/XObject/Subtype/Image/Width 8/Height 8/ColorSpace/DeviceGray/BitsPerComponent 8/Length 64>>stream\n"
    made = pdf("q 400 0 0 400 50 300 cm /I Do Q", more=[text.encode() + bytes(64) + b"\nendstream"])
    raw = carrying(("scan.pdf", made.replace(b"/Font<<", b"/XObject<</I 100 0 R>>/Font<<")))
    assert reading.open(raw, read(raw)).skipped == ()


def test_a_picture_that_is_none_is_said(reading):
    raw = carrying(("scan.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 800, 600) + bytes(99)))
    assert [s.reason for s in reading.open(raw, read(raw)).skipped] == ["image"]
