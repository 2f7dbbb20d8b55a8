"""PST files that the tests write themselves, whole and broken."""

import random
import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest

from missent.archive.item import REASONS, Item
from missent.archive.outlook.nodes import DECODED
from missent.archive.outlook.pst import read_pst
from missent.archive.readers import sources
from missent.message.decoding import content
from missent.message.reading import read
from missent.nouns.verdict import Skipped

from .store import Folder, Message, Properties, Value, Written, pst

ENCODED = bytes(DECODED.index(octet) for octet in range(256))
SENT = datetime(2023, 7, 19, 10, 2, 11, tzinfo=UTC)
FILETIME = struct.pack("<Q", int((SENT - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds() * 10**7))


def person(kind: int, name: str, address: str) -> Properties:
    return {0x0C150003: kind, 0x3001001F: name, 0x3003001F: address, 0x3002001F: "SMTP"}


PEOPLE = (
    person(1, "Jane Doe", "jane@army.ml"),
    person(2, "Lopez, R", "r.lopez@navy.mil"),
    person(3, "Hidden", "bcc@x.example"),
)


def mail(number: int, recipients: tuple[Properties, ...] = PEOPLE, **more: object) -> Message:
    facts: dict[int, Value] = {
        0x001A001F: "IPM.Note",
        0x0037001F: f"\x01\x01Grüße {number}",
        0x1000001F: f"canary-body {number}",
        0x1035001F: f"<{number}@mod.example>",
        0x0042001F: "Anna Clark",
        0x5D02001F: "anna@mod.example",
        0x00390040: FILETIME,
    }
    return Message(facts, recipients, **more)  # type: ignore[arg-type]


def found(tmp_path: Path, octets: bytes) -> tuple[list[Item], list[str]]:
    path = tmp_path / "a.dat"
    path.write_bytes(octets)
    (source,) = sources(path)
    assert source.kind == "pst"
    told = list(source.items())
    reasons = [one.reason for one in told if isinstance(one, Skipped)]
    assert set(reasons) <= set(REASONS)
    return [one for one in told if isinstance(one, Item)], reasons


def store(*messages: Message) -> Written:
    return pst(Folder("root", (), (Folder("Inbox", messages),)))


def test_people_date_subject_and_text(tmp_path: Path) -> None:
    (item,), reasons = found(tmp_path, store(mail(1)).octets)
    message = read(item.raw)
    assert [(one.name, one.spec) for one in message.from_] == [("Anna Clark", "anna@mod.example")]
    assert [(one.name, one.spec) for one in message.to] == [("Jane Doe", "jane@army.ml")]
    assert [(one.name, one.spec) for one in message.cc] == [("Lopez, R", "r.lopez@navy.mil")]
    assert [one.spec for one in message.bcc] == ["bcc@x.example"]
    assert (message.date, message.subject, message.message_id) == (SENT, "Grüße 1", "1@mod.example")
    assert [content(item.raw, part) for part in message.parts] == [b"canary-body 1"]
    assert reasons == []


def test_attachments(tmp_path: Path) -> None:
    file = {0x37050003: 1, 0x3707001F: "a.txt", 0x370E001F: "text/x-log", 0x37010102: b"canary-file" * 200, 0x0E200003: 2200}
    attached = {0x37050003: 5, 0x3707001F: "forwarded", 0x0E200003: 10}  # its message is gone
    (item,), reasons = found(tmp_path, store(mail(1, attachments=(file, attached))).octets)
    message = read(item.raw)
    assert [(part.kind, content(item.raw, part)) for part in message.parts[1:]] == [("text/x-log", b"canary-file" * 200)]
    assert reasons == ["embedded-message"]


def attached(message: Message) -> Properties:
    return {0x37050003: 5, 0x3001001F: "forwarded", 0x0E200003: 100, 0x3701000D: message}


@pytest.mark.parametrize("encode", [b"", ENCODED], ids=["plain", "encoded"])
@pytest.mark.parametrize("client", [b"SM", b"SO"], ids=["pst", "ost"])
def test_messages_attached_to_messages_are_opened(tmp_path: Path, client: bytes, encode: bytes) -> None:
    """Recipients, text and attachments of each, three deep, in stores as they are and encoded, PST and OST."""
    file = {0x37050003: 1, 0x3707001F: "inner.txt", 0x370E001F: "text/x-log", 0x37010102: b"canary-file", 0x0E200003: 11}
    deepest = mail(3, (person(1, "Deep", "deep@army.ml"),), attachments=(file,))
    inner = mail(2, (person(1, "Jon", "jon@navy.mil"),), attachments=(attached(deepest),))
    folders = Folder("root", (), (Folder("Inbox", [mail(1, attachments=(attached(inner),)), mail(4)]),))
    items, reasons = found(tmp_path, pst(folders, client, encode).octets)
    assert reasons == []
    assert [read(item.raw).message_id for item in items] == ["1@mod.example", "4@mod.example"]
    message = read(items[0].raw)
    texts = [content(items[0].raw, part) for part in message.parts]
    assert texts == [b"canary-body 1", b"canary-body 2", b"canary-body 3", b"canary-file"]
    assert items[0].raw.count(b"Message-ID: <2@mod.example>") == 1
    for rcpt in (b"jane@army.ml", b"jon@navy.mil", b"deep@army.ml"):
        assert rcpt in items[0].raw


def test_a_file_with_attached_messages_damaged_anywhere_is_read_as_far_as_it_can_be(tmp_path: Path) -> None:
    letters = [mail(n, attachments=(attached(mail(100 + n)),)) for n in range(8)]
    whole = store(*letters).octets
    assert all(b"message/rfc822" in item.raw for item in found(tmp_path, whole)[0])
    for seed in range(40):
        dice, octets = random.Random(seed), bytearray(whole)
        for _ in range(dice.choice([1, 5, 20])):
            at = dice.randrange(len(octets))
            octets[at : at + 32] = dice.randbytes(32)[: len(octets) - at]
        (tmp_path / "a").write_bytes(octets)
        told = list(read_pst(tmp_path / "a"))
        assert all(isinstance(one, Item) or one.reason in REASONS for one in told)


def test_folders_within_folders_and_what_is_no_mail(tmp_path: Path) -> None:
    contact = Message({0x001A001F: "IPM.Contact", 0x0037001F: "canary"})
    inner = Folder("Größe", [mail(3), contact])
    octets = pst(Folder("root", [], [Folder("Inbox", [mail(1), mail(2)], [inner]), Folder("Sent", [mail(4)])])).octets
    items, reasons = found(tmp_path, octets)
    assert [read(item.raw).message_id for item in items] == [f"{n}@mod.example" for n in (1, 2, 3, 4)]
    assert len({item.where for item in items}) == 4
    assert all(item.where.rpartition(":")[2].isdecimal() for item in items)
    assert reasons == []


def test_many_messages_and_resuming_behind_any(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(store(*(mail(n) for n in range(40))).octets)
    items = [one for one in read_pst(tmp_path / "a") if isinstance(one, Item)]
    assert len(items) == 40
    for n in (0, 17, 39):
        assert list(read_pst(tmp_path / "a", items[n].resume)) == items[n + 1 :]


def test_a_broken_table_of_recipients_costs_itself_and_is_said(tmp_path: Path) -> None:
    written = store(mail(1), mail(2), mail(3))
    broken = sorted(written.tables)[1]
    place, size = written.tables[broken]
    octets = bytearray(written.octets)
    octets[place : place + size] = b"\xff" * size
    items, reasons = found(tmp_path, bytes(octets))
    assert [(read(item.raw).message_id, len(read(item.raw).rcpts)) for item in items] == [
        ("1@mod.example", 3),
        ("2@mod.example", 0),
        ("3@mod.example", 3),
    ]
    assert reasons == ["broken-table"]


def test_a_file_damaged_anywhere_is_read_as_far_as_it_can_be(tmp_path: Path) -> None:
    """Whatever is lost is said; nothing else is raised."""
    whole = store(*(mail(n) for n in range(10))).octets
    for seed in range(40):
        dice = random.Random(seed)
        octets = bytearray(whole[: dice.choice([len(whole), dice.randrange(600, len(whole))])])
        for _ in range(dice.choice([0, 1, 20])):
            at = dice.randrange(len(octets))
            octets[at : at + 64] = dice.randbytes(64)[: len(octets) - at]
        (tmp_path / "a").write_bytes(octets)
        told = list(read_pst(tmp_path / "a"))
        assert all(isinstance(one, Item) or one.reason in REASONS for one in told)
        assert octets == whole or len(told) >= 10 or any(isinstance(one, Skipped) for one in told)


@pytest.mark.parametrize("octets", [b"!BDN", b"!BDN" + bytes(5000)])
def test_a_damaged_root_is_said(tmp_path: Path, octets: bytes) -> None:
    assert found(tmp_path, octets) == ([], ["damaged-pst"])
