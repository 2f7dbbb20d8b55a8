"""Files made to hurt: each costs a finding, a few seconds and a bounded memory; the message is read all the same."""

import base64
import hashlib
import io
import resource
import struct
import time
import zipfile
import zlib
from pathlib import Path

import py7zr
import pytest

from missent.message.reading import read
from missent.reading.opener import Opener
from missent.settings import ReadingSettings

from .making import carrying, compound, pdf, rows, sheet, shown, xlsx, zipped

MEGABYTE = 1 << 20


def nested_bomb(depth=12):
    data = zipped({"zeros": bytes(1000)})
    for level in range(depth):
        data = zipped({f"{level}-{n}.zip": data for n in range(3)})
    return data


def flat_bomb():
    """One gigabyte of zeros, deflated without being made."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = bytes(MEGABYTE)
    body = b"".join(squeeze.compress(block) for _ in range(1024)) + squeeze.flush()
    name = b"zeros"
    rest = struct.pack("<IIIHH", 0, len(body), 1000, len(name), 0)  # it claims a thousand octets
    local = b"PK\3\4" + struct.pack("<HHHHH", 20, 0, 8, 0, 33) + rest + name
    central = b"PK\1\2" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 33) + rest + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local) + len(body), 0)
    return local + body + central + end


def honest_bomb():
    return zipped({"zeros": bytes(60 * MEGABYTE)})


def overlapping_bomb(files=500):
    """Every entry of the directory points to the same stream."""
    one = zipped({"a": bytes(20 * MEGABYTE)})
    start = one.index(b"PK\1\2")
    end = one.index(b"PK\5\6")
    entry = one[start:end]
    central = entry * files
    return one[:start] + central + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, files, files, len(central), start, 0)


def billion_laughs():
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY l0 "lol">{entities}]><w:document xmlns:w="w"><w:t>&l9;</w:t></w:document>'


def encrypted_zip():
    data = bytearray(zipped({"secret.txt": b"x" * 100}))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    return bytes(data)


def encrypted_7z():
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", password="x") as archive:
        archive.writestr("text", "a.txt")
    return out.getvalue()


def encrypted_pdf():
    keys = f"/Encrypt <</Filter/Standard/V 1/R 2/O<{'41' * 32}>/U<{'42' * 32}>/P -4>>/ID[<{'43' * 16}><{'43' * 16}>]"
    return pdf(shown("secret")).replace(b"<</Root", b"<<" + keys.encode() + b"/Root")


def stream_bomb():
    squeezed = zlib.compress(bytes(400 * MEGABYTE), 9)
    stream = f"<</Length {len(squeezed)}/Filter/FlateDecode>>stream\n".encode() + squeezed + b"\nendstream"
    return pdf("", more=[stream]).replace(b"/Contents 11 0 R", b"/Contents 100 0 R")


def endless_pdf():
    """Pages that are their own parents' children, and a form that draws itself."""
    form = "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 100 0 R>>>>/Length 30>>"
    form += "stream\n/X Do /X Do /X Do /X Do /X Do \nendstream"
    made = pdf("/X Do", more=[form])
    return made.replace(b"/Font<<", b"/XObject<</X 100 0 R>>/Font<<").replace(b"/Kids[10 0 R]", b"/Kids[2 0 R 10 0 R]")


def sparse_sheet():
    return '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>9</v></c></row>'


def damaged(data):
    return data[: len(data) // 2]


# name, octets, reason
FILES = {
    "zip in zip in zip": (nested_bomb, {"too-deep", "too-many-parts", "reader-too-slow"}),
    "a gigabyte that claims to be a thousand octets": (flat_bomb, {"too-compressed", "damaged", "too-large"}),
    "sixty megabytes in sixty thousand octets": (honest_bomb, {"too-compressed"}),
    "overlapping": (overlapping_bomb, {"too-large", "too-compressed", "damaged"}),
    "billion laughs": (
        lambda: zipped({"[Content_Types].xml": "<T/>", "word/document.xml": billion_laughs()}),
        {"xml-entities"},
    ),
    "a zip with a password": (encrypted_zip, {"encrypted-archive"}),
    "a 7z with a password": (encrypted_7z, {"encrypted-archive"}),
    "a document with a password": (
        lambda: compound({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}),
        {"encrypted-document"},
    ),
    "a PDF with a password": (encrypted_pdf, {"encrypted-document"}),
    "a stream of 400 MB in a PDF": (stream_bomb, None),
    "a PDF without end": (endless_pdf, None),
    "cells in opposite corners": (lambda: xlsx([sheet(sparse_sheet())]), {"too-large"}),
    "half a zip": (lambda: damaged(zipped({"a.txt": b"text" * 999}, zipfile.ZIP_STORED)), {"damaged"}),
    "half a workbook": (lambda: damaged(xlsx([sheet(rows([["a"]] * 999))])), {"damaged"}),
    "half a PDF": (lambda: damaged(pdf(*[shown("text")] * 3)), None),
    "a compound file of nothing": (lambda: bytes.fromhex("d0cf11e0a1b11ae1") + b"\xff" * 2000, {"damaged"}),
    "an executable": (lambda: b"MZ\x90\0" + bytes(range(256)) * 9, {"not-a-known-type"}),
}


# where a finding of some kind is certain, and its reason depends on the library, there is None

LIMIT = 15  # seconds; 5 on a machine of its own
MOST = 520_000  # kB of memory of one worker


def peak(opener):
    """The most memory the idle worker ever had, kB."""
    return most_of(opener.pool.pids()[0]) if opener.pool.pids() else 0


def most_of(process):
    """The most memory a process ever had, kB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


def timed_open(opener, raw):
    message = read(raw)
    started = time.perf_counter()
    found = opener.open(raw, message)
    assert time.perf_counter() - started < LIMIT
    return found


@pytest.mark.timed
@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_a_finding_in_time(opener, name):
    make, reasons = FILES[name]
    found = timed_open(opener, carrying(("report.zip", make()), ("note.txt", b"read me")))
    assert "read me" in [p.text.strip() for p in found.pieces]
    assert [a.path for a in found.attachments if "!" not in a.path] == ["1.2", "1.3"]
    assert {s.reason for s in found.skipped} & (reasons or {s.reason for s in found.skipped})
    assert peak(opener) < MOST
    died = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # a child is counted with what its parent had when it began
    assert died <= max(MOST, most_of("self"))


@pytest.mark.timed
def test_an_attachment_of_200_megabytes_is_said_and_its_digest_known(opener):
    data = bytes(MEGABYTE) * 200
    lines = base64.encodebytes(data)
    raw = b"Content-Type: application/pdf; name=big.pdf\nContent-Transfer-Encoding: base64\n\n" + lines
    (attachment,) = (found := timed_open(opener, raw)).attachments
    assert [s.reason for s in found.skipped] == ["too-large"]
    assert (attachment.size, attachment.sha256) == (len(data), hashlib.sha256(data).hexdigest())


@pytest.mark.timed
def test_ten_thousand_attachments_are_read_as_far_as_the_limit(opener):
    part = b"--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=x.pdf\n\n%PDF-1.4 x\n"
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n" + part * 10_000 + b"--b--\n"
    message = read(raw)
    found = timed_open(opener, raw)
    assert "too-many-parts" in {s.reason for s in message.inspected.skipped}
    assert len(found.attachments) == 999


@pytest.mark.timed
@pytest.mark.parametrize("size", [100_000, 200])
def test_ten_thousand_files_in_a_zip_are_read_as_far_as_the_limit(opener, size):
    data = zipped({f"{n}.txt": b"x" * size for n in range(10_000)}, zipfile.ZIP_DEFLATED)
    found = timed_open(opener, carrying(("many.zip", data)))
    assert {s.reason for s in found.skipped} & {"too-many-parts", "too-large"}
    assert len(found.attachments) <= 2001


HTML = {
    "blocks without end": "<div>" * 200_000 + "x",
    "formatting that is made again": "".join(f"<b id={n}>" for n in range(3000)) + "<p>x" * 3000,
    "attributes without end": "<a " + " ".join(f"a{n}" for n in range(200_000)) + ">x",
    "comments without end": "<!--" * 300_000,
    "a style without end": "<p style='" + "height:0;" * 100_000 + "'>x",
    "brackets": "<" * 2_000_000,
    "styles without end": "<style>" * 200_000,
}


@pytest.mark.timed
@pytest.mark.parametrize("name", HTML)
def test_hostile_html_is_read_in_time(opener, name):
    raw = b"Content-Type: text/html\n\n<p>read me</p>" + HTML[name].encode()
    assert any("read me" in p.text for p in timed_open(opener, raw).pieces)


def test_time_for_all_files_of_a_message_is_bounded_and_the_rest_is_said():
    files = [(f"{n}.pdf", stream_bomb()) for n in range(3)]
    raw = carrying(*files, ("note.txt", b"read me"))
    with Opener(ReadingSettings(cpu_seconds=0.05, seconds=5)) as brief:
        found = brief.open(raw, read(raw))
    assert {s.where for s in found.skipped} == {"1.2", "1.3", "1.4"}
    assert "read me" in [p.text.strip() for p in found.pieces]
