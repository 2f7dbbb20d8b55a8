"""Mail formats, old documents, PDF, cards and invitations: what of each becomes text, and where it stands."""

import gzip
import io
import struct
import tarfile
import zlib

import py7zr
import pytest

from .making import carrying, compound, msg, pdf, shown, zipped


@pytest.fixture
def looked(opened):
    """Opens one attached file: texts by place without the file's own, hidden data, reasons."""

    def look(data, name="file.bin"):
        found = opened(carrying((name, data)))
        texts = {}
        for piece in found.pieces:
            if piece.where.startswith("attachment:1.2") and not piece.where.endswith("/name"):
                place, text = piece.where.removeprefix("attachment:1.2"), piece.text.strip("\n\0 ")
                texts[place] = f"{texts[place]} | {text}" if place in texts else text
        return texts, [(h.kind, h.shown, h.held) for h in found.hidden], [s.reason for s in found.skipped]

    return look


MESSAGE = b"From: a@x.example\nTo: b@y.example\nSubject: inner\nX-Classification: SECRET\n\nhello\n> old\n"


def test_a_message_as_a_file(looked):
    texts, hidden, skipped = looked(MESSAGE, "saved.eml")
    assert texts == {"/subject": "inner", "/header:x-classification": "SECRET", "": "hello", "/quoted": "> old"}
    assert (hidden, skipped) == ([], [])


def test_a_mailbox_as_a_file(looked):
    mailbox = (
        b"From a Mon Jan  1 10:00:00 2024\n"
        + MESSAGE
        + b"\nFrom b Tue Jan  2 10:00:00 2024\n"
        + MESSAGE.replace(b"hello", b"again")
    )
    texts, *_ = looked(mailbox, "all.mbox")
    assert (texts["!1"], texts["!2"]) == ("hello", "again")


def test_a_message_of_outlook_and_one_within(looked):
    outer = {0x0037: "outer", 0x1000: "text of it", 0x007D: "X-Marking: SECRET\r\n", 0x0C1A: "Anna"}
    inner = {0x0037: "inner", 0x1013: b"<p>deep <span hidden>down</span></p>"}
    texts, hidden, skipped = looked(compound(msg(outer, inner)), "saved.msg")
    assert texts["/subject"] == "outer"
    assert texts[""] == "text of it"
    assert texts["/header:x-marking"] == "SECRET"
    assert texts["!1/subject"] == "inner"
    assert texts["!1"] == "down | deep"
    assert ("hidden-text", 4, 8) in hidden
    assert skipped == []


def winmail():
    def attribute(level, tag, data):
        return struct.pack("<BII", level, tag, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)

    head = struct.pack("<IH", 0x223E9F78, 1)
    head += attribute(1, 0x00089006, struct.pack("<I", 0x10000)) + attribute(1, 0x0002800C, b"the body\0")
    rendered = (
        attribute(2, 0x00069002, bytes(14)) + attribute(2, 0x00018010, b"note.txt\0") + attribute(2, 0x0006800F, b"in the file")
    )
    return head + rendered


def test_winmail_dat(looked):
    texts, _, skipped = looked(winmail(), "winmail.dat")
    assert texts[""] == "the body"
    assert texts["!1"] == "in the file"
    assert skipped == []


def test_an_invitation(looked):
    event = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Visit of the min\r\n ister\\, secret\r\n"
    event += b'ATTENDEE;CN="Anna Clark":mailto:anna@mod.example\r\nDESCRIPTION;LANGUAGE=en:Room 1\\nBring maps\r\n'
    event += b"ATTACH;ENCODING=BASE64;VALUE=BINARY:aGVsbG8=\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    texts, *_ = looked(event, "invite.ics")
    assert texts["/subject"] == "Visit of the minister, secret"
    assert texts[""].split("\n") == ["Anna Clark <anna@mod.example>", "Room 1", "Bring maps"]
    assert texts["!1"] == "hello"


def test_cards_are_counted_as_people(opened):
    cards = "".join(f"BEGIN:VCARD\r\nitem1.EMAIL:p{n}@x.example\r\nFN:Jane Doe{n % 3 * 'x'}\r\nEND:VCARD\r\n" for n in range(9))
    (attachment,) = opened(carrying(("people.vcf", cards.encode()))).attachments
    assert attachment.people == 9


def test_pages_annotations_properties_and_files_of_a_pdf(looked):
    note = "<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(ask legal)>>"
    fieldx = "<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(Jane Doe)/Rect[0 0 9 9]>>"
    info = "<</Title(Plan B)/MSIP_Label_1a2b3c4d-0000-0000-0000-000000000000_Name(Secret)>>"
    more = [note, fieldx, info]
    data = pdf(shown("first"), shown("second"), boxes="/Annots[100 0 R 101 0 R]", more=more).replace(
        b"/Size", b"/Info 102 0 R/Size"
    )
    texts, hidden, skipped = looked(data, "x.pdf")
    assert texts[""].split(" | ") == ["first\fsecond", "ask legal\nJane Doe\nask legal\nJane Doe"]
    assert texts["/property:Title"] == "Plan B"
    assert texts["/property:MSIP_Label_1a2b3c4d-0000-0000-0000-000000000000_Name"] == "Secret"
    assert hidden == [("comments", 0, 4)]
    assert skipped == []


def test_text_of_a_pdf_that_no_page_shows_is_read_and_counted(looked):
    cropped = pdf(shown("seen") + shown("beyond", at=(50, 100)), boxes="/CropBox[0 500 600 800]")
    texts, hidden, _ = looked(cropped)
    assert "beyond" in texts[""]
    assert hidden == [("unseen-text", 4, 10)]
    faint = pdf(shown("one") + shown("two", at=(50, 650)) + shown("ghost", at=(50, 600), mode=3))
    assert looked(faint)[1] == [("unseen-text", 6, 11)]


def old_word(text, narrow):
    octets = text.encode("cp1252" if narrow else "utf-16-le")
    place = 1024 * 2 | 0x40000000 if narrow else 1024
    table = struct.pack("<II", 0, len(text)) + struct.pack("<HIH", 0, place, 0)
    clx = b"\x02" + struct.pack("<I", len(table)) + table
    head = (
        struct.pack("<H8xH", 0xA5EC, 0x0200).ljust(32, b"\0")
        + struct.pack("<H", 14)
        + bytes(28)
        + struct.pack("<H", 22)
        + bytes(88)
    )
    pairs = struct.pack("<H", 93) + bytes(33 * 8) + struct.pack("<II", 0, len(clx)) + bytes(59 * 8)
    return {"WordDocument": (head + pairs).ljust(1024, b"\0") + octets, "1Table": clx}


@pytest.mark.parametrize("narrow", [True, False])
def test_word_before_2007(looked, narrow):
    texts, _, skipped = looked(compound(old_word("Dear all\rOFFICIAL \x13 PAGE \x141\x15", narrow)), "old.doc")
    assert texts[""] == "Dear all\nOFFICIAL 1"
    assert skipped == []


def test_an_encrypted_word_document_before_2007(looked):
    streams = old_word("x", narrow=True)
    streams["WordDocument"] = streams["WordDocument"][:10] + struct.pack("<H", 0x0300) + streams["WordDocument"][12:]
    assert looked(compound(streams))[2] == ["encrypted-document"]


def test_powerpoint_before_2007(looked):
    def record(version, kind, data):
        return struct.pack("<HHI", version, kind, len(data)) + data

    slide = record(0x0F, 1006, record(0, 4000, "first".encode("utf-16-le")) + record(0, 4008, b"second"))
    texts, hidden, _ = looked(
        compound({"PowerPoint Document": slide + record(0x0F, 1008, record(0, 4008, b"notes"))}), "old.ppt"
    )
    assert texts[""].split() == ["first", "second", "notes"]
    assert hidden == [("notes", 0, 1)]


def test_rich_text(looked):
    texts, hidden, _ = looked(rb"{\rtf1\ansi Dear \b all\b0\par {\v secret}end}", "letter.rtf")
    assert texts[""].startswith("Dear all\n")
    assert hidden == [("hidden-text", 0, 1)]


def tarred():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo("deep/note.txt")
        member.size = 5
        archive.addfile(member, io.BytesIO(b"hello"))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return out.getvalue()


def seven():
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        archive.writestr("hello", "note.txt")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (lambda: zipped({"note.txt": "hello"}), "!1"),
        (tarred, "!1"),
        (lambda: gzip.compress(tarred()), "!1!1"),
        (seven, "!1"),
        (lambda: zipped({"a.zip": zipped({"note.txt": "hello"})}), "!1!1"),
    ],
)
def test_archives(looked, data, place):
    texts, hidden, skipped = looked(data())
    assert texts == {place: "hello"}
    assert (hidden, skipped) == ([], [])


def test_an_archive_of_libarchive(looked, tmp_path):
    try:
        import libarchive
    except (OSError, TypeError, AttributeError):
        pytest.skip("the library libarchive is not installed")
    path = tmp_path / "disc.iso"
    with libarchive.file_writer(str(path), "iso9660") as image:
        image.add_file_from_memory("note.txt", 5, b"hello")
    texts, _, skipped = looked(path.read_bytes())
    assert "hello" in texts.values()
    assert skipped == []


@pytest.mark.parametrize(
    ("text", "charset"),
    [("Grüße aus Köln", "utf-16"), ("Grüße aus Köln", "utf-8-sig"), ("plain old text here", "utf-16-le"), ("Grüße", "cp1252")],
)
def test_text_in_other_character_sets(looked, text, charset):
    assert looked(text.encode(charset), "x.txt")[0] == {"": text}


def test_xml_is_read_with_its_attributes(looked):
    assert looked(b"<?xml version='1.0'?><a note='for your eyes'><b>text</b></a>", "x.xml")[0][""] == "for your eyes\ntext"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n", "encrypted-message"),
        (bytes.fromhex("30820400 0609 2a864886f70d010703 a082") + bytes(900), "encrypted-message"),
        (bytes.fromhex("30820400 0609 2a864886f70d010702 a082") + bytes(900), "damaged"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 800, 600) + zlib.compress(bytes(99)), "image"),
        (b"\0asm\1\0\0\0" + bytes(300), "not-a-known-type"),
        (b"II*\0" + bytes(90), "image"),
    ],
)
def test_what_cannot_be_read_is_said(looked, data, reason):
    assert looked(data)[2] == [reason]


@pytest.mark.parametrize("size", [(1, 1), (16, 16), (600, 4), (100, 100)])
def test_a_picture_too_small_for_text_is_no_unread_content(looked, size):
    assert looked(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", *size) + bytes(40), "dot.png")[2] == []
