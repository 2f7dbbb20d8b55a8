"""Where a reader's library is not installed the file says so, and mail is read all the same."""

import sys
import time

import pytest

from missent.message.reading import read
from missent.reading.budget import Budget
from missent.reading.gathering import File, Gathering
from missent.reading.opener import Opener
from missent.reading.opening import open_file
from missent.settings import ReadingSettings

from .making import carrying, compound, docx, paragraph, pdf, shown


@pytest.fixture
def without(monkeypatch):
    """Takes modules away, and the readers that have them already."""

    def take(*names):
        for name in [*names, *(n for n in sys.modules if n.startswith(("missent.reading.readers.", "missent.reading.xml")))]:
            parent, _, child = name.rpartition(".")
            if parent in sys.modules:  # a package remembers its modules, too
                monkeypatch.delattr(sys.modules[parent], child, raising=False)
            monkeypatch.delitem(sys.modules, name, raising=False)
        for name in names:
            monkeypatch.setitem(sys.modules, name, None)

    return take


@pytest.mark.parametrize(
    ("library", "data"),
    [
        ("pypdfium2", pdf(shown("x"))),
        ("lxml", docx(paragraph("x"))),
        ("olefile", compound({"WordDocument": b"x"})),
        ("striprtf", b"{\\rtf1 x}"),
        ("py7zr", b"7z\xbc\xaf\x27\x1c" + bytes(40)),
        ("libarchive", b"Rar!\x1a\x07\x00" + bytes(40)),
        ("asn1crypto", b"\x30\x80\x06\x09" + bytes.fromhex("2a864886f70d010702") + bytes(40)),
        ("tnefparse", b"\x78\x9f\x3e\x22" + bytes(40)),
    ],
)
def test_a_file_says_that_its_reader_is_missing(without, library, data):
    without(library, f"{library}.etree" if library == "lxml" else f"{library}.{library}")
    gathering = Gathering(Budget.of(ReadingSettings(), time.monotonic, 10))
    open_file(File("1", "x", data), gathering)
    assert [s.reason for s in gathering.skipped] == ["reader-not-installed"]
    assert len(gathering.attachments) == 1


def test_html_is_read_without_its_parser(without, monkeypatch):
    monkeypatch.delattr("missent.reading.html", raising=False)
    without("missent.reading.html", "selectolax", "selectolax.lexbor")
    raw = b"Content-Type: text/html\n\n<p>Hello <b>world</b><p hidden>again"
    with Opener() as opener:
        assert [p.text for p in opener.open(raw, read(raw)).pieces] == ["Hello world\nagain"]


def test_text_alone_needs_nothing(without):
    without("selectolax", "selectolax.lexbor", "lxml", "pypdfium2", "olefile")
    raw = carrying()
    with Opener() as opener:
        assert "Hello\n" in [p.text for p in opener.open(raw, read(raw)).pieces]
