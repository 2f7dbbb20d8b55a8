"""Types told by content, names that say another, and names that are shown otherwise than they are."""

import pytest

from missent.reading import kinds
from missent.reading.misnamed import misnamed, turned

from .making import carrying, docx, paragraph, pdf, shown, zipped

TOLD = [
    (b"%PDF-1.7\n", kinds.PDF),
    (b"junk first\n%PDF-1.7\n", kinds.PDF),
    (b"PK\x03\x04...", kinds.ZIP),
    (b"{\\rtf1 x}", kinds.RTF),
    (b"\x1f\x8b\x08\0", "application/gzip"),
    (bytes(257) + b"ustar\x0000", kinds.TAR),
    (b"GIF89a", "image/gif"),
    (b"<!DOCTYPE html><html><p>x", kinds.HTML),
    (b"see <p>this</p> and <b>that</b><br>", kinds.PLAIN),
    (b"<p>one</p><p>two</p><br>", kinds.HTML),
    (b"<?xml version='1.0'?><a/>", kinds.XML),
    (b"From: a\nTo: b\nSubject: c\n\nx", kinds.MAIL),
    (b"To: do\nFrom: now on\n", kinds.PLAIN),
    (b"BEGIN:VCALENDAR\r\n", kinds.CALENDAR),
    (b"BEGIN:VCARD\r\n", kinds.VCARD),
    ("Grüße".encode("utf-16"), kinds.PLAIN),
    (b"just words, in lines\n", kinds.PLAIN),
    (b"\x1b$B%F%9%H\x1b(B", kinds.PLAIN),
    (b"MZ\x90\0\3\0\0\0", kinds.UNKNOWN),
    (b"\x30\x82\x04\x00\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03", kinds.PKCS7),
    (b"", kinds.PLAIN),
]


@pytest.mark.parametrize(("data", "kind"), TOLD)
def test_a_type_is_told_by_content(data, kind):
    assert kinds.told(data) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("photo.jpg", kinds.PDF),
        ("report.pdf", kinds.ZIP),
        ("notes.txt", kinds.ZIP),
        ("list.csv", kinds.OLE),
        ("plan.docx", kinds.PDF),
        ("plan.pdf", kinds.PLAIN),
        ("plan.pdf", kinds.UNKNOWN),
        ("archive.zip", kinds.HTML),
    ],
)
def test_a_name_that_says_another_format_is_told(name, kind):
    assert misnamed(name, kind)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("plan.docx", kinds.ZIP),
        ("plan.docx", kinds.OLE),  # one with a password is a compound file
        ("old.doc", kinds.RTF),
        ("old.xls", kinds.HTML),  # as many web sites write them
        ("winmail.dat", kinds.TNEF),
        ("notes.md", kinds.PLAIN),
        ("data.xyz", kinds.ZIP),
        ("report", kinds.PDF),
        ("", kinds.PDF),
        ("IMG.JPEG", "image/jpeg"),
        ("page.html", kinds.PLAIN),
    ],
)
def test_a_name_that_may_be_so_is_not(name, kind):
    assert not misnamed(name, kind)


def test_a_name_that_is_shown_otherwise_is_told(opened):
    assert turned("invoice\u202excod.exe")
    assert not turned("חשבונית.pdf")
    found = opened(carrying(("annual\u202efdp.exe", b"MZ\x90\0")))
    assert [(h.where, h.kind) for h in found.hidden] == [("attachment:1.2", "turned-name")]


def test_a_wrong_ending_hides_nothing(opened):
    found = opened(carrying(("holiday.jpg", docx(paragraph("OFFICIAL-SENSITIVE")))))
    assert "OFFICIAL-SENSITIVE" in "".join(p.text for p in found.pieces)
    assert [h.kind for h in found.hidden] == ["misnamed"]


def test_two_files_in_one_are_told(opened):
    both = pdf(shown("a page")) + zipped({"inner.txt": "in the archive"})
    kinds_found = {h.kind for h in opened(carrying(("both.pdf", both))).hidden}
    assert kinds_found == {"polyglot"}
    assert "in the archive" in "".join(p.text for p in opened(carrying(("both.zip", both))).pieces)
