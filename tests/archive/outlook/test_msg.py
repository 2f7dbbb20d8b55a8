"""Messages of Outlook that the tests write themselves, read, and read again as mail."""

import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest

from missent.archive.item import REASONS, Item
from missent.archive.outlook import msg
from missent.archive.readers import sources
from missent.message.decoding import content
from missent.message.model import Message
from missent.message.reading import read
from missent.nouns.verdict import Skipped

from .compound import Tree, compound

SENT = datetime(2023, 7, 19, 10, 2, 11, tzinfo=UTC)


def fixed(head: int, **values: int | datetime) -> bytes:
    """A table of properties behind `head` octets; names are `pIIIITTTT`."""
    table = bytes(head)
    for name, value in values.items():
        number = (value - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds() * 10**7 if isinstance(value, datetime) else value
        table += struct.pack("<HHIQ", int(name[5:], 16), int(name[1:5], 16), 6, int(number))
    return table


def streams(head: int, numbers: dict[str, int | datetime], **texts: str | bytes) -> dict[str, "bytes | Tree"]:
    tree: dict[str, bytes | Tree] = {"__properties_version1.0": fixed(head, **numbers)}
    for name, text in texts.items():
        tree[f"__substg1.0_{name[1:]}"] = text.encode("utf-16-le") if isinstance(text, str) else text
    return tree


def person(kind: int, name: str, address: str, how: str = "SMTP", **texts: str) -> Tree:
    return streams(8, {"p0C150003": kind}, p3001001F=name, p3003001F=address, p3002001F=how, **texts)


def note(**extra: "bytes | str | Tree") -> dict[str, "bytes | Tree"]:
    tree = streams(
        32,
        {"p00390040": SENT},
        p0037001F="Grüße an alle, canary-subject",
        p1000001F="canary-body ✓",
        p1035001F="<one@mod.example>",
        p0042001F="Anna Clark",
        p5D02001F="anna@mod.example",
    )
    tree["__recip_version1.0_#00000000"] = person(1, "Jane Doe", "jane@army.ml")
    tree["__recip_version1.0_#00000001"] = person(2, "Lopez, R", "/O=MOD/CN=LOPEZ", "EX", p39FE001F="r.lopez@navy.mil")
    tree["__recip_version1.0_#00000002"] = person(3, "Hidden", "bcc@x.example")
    return tree | {name: one.encode("utf-16-le") if isinstance(one, str) else one for name, one in extra.items()}


def opened(tmp_path: Path, tree: Tree) -> tuple[Message, bytes, list[str]]:
    path = tmp_path / "a.dat"
    path.write_bytes(compound(tree))
    (source,) = sources(path)
    assert source.kind == "msg"
    items = list(source.items())
    (item,) = [one for one in items if isinstance(one, Item)]
    reasons = [one.reason for one in items if isinstance(one, Skipped)]
    assert set(reasons) <= set(REASONS)
    return read(item.raw), item.raw, reasons


def test_people_date_subject_and_text(tmp_path: Path) -> None:
    message, raw, reasons = opened(tmp_path, note())
    assert [(one.name, one.spec) for one in message.from_] == [("Anna Clark", "anna@mod.example")]
    assert [(one.name, one.spec) for one in message.to] == [("Jane Doe", "jane@army.ml")]
    assert [(one.name, one.spec) for one in message.cc] == [("Lopez, R", "r.lopez@navy.mil")]
    assert [one.spec for one in message.bcc] == ["bcc@x.example"]
    assert (message.date, message.subject, message.message_id) == (SENT, "Grüße an alle, canary-subject", "one@mod.example")
    (part,) = message.parts
    assert content(raw, part).decode() == "canary-body ✓"
    assert (message.inspected.skipped, reasons) == ((), [])


def test_the_header_as_it_came_is_kept_and_who_it_hides_is_added(tmp_path: Path) -> None:
    header = (
        "Received: from a by b; Wed, 19 Jul 2023 10:02:15 +0000\r\nFrom: Other <other@mod.example>\r\n"
        "To: jane@army.ml,\r\n r.lopez@NAVY.mil\r\nSubject: from the wire\r\n"
        "Content-Type: multipart/alternative; boundary=x\r\n\r\n"
    )
    message, raw, _ = opened(tmp_path, note(**{"__substg1.0_007D001F": header}))
    assert [one.spec for one in message.from_] == ["other@mod.example"]
    assert [one.spec for one in message.to] == ["jane@army.ml", "r.lopez@navy.mil"]
    assert (message.cc, [one.spec for one in message.bcc]) == ((), ["bcc@x.example"])
    assert (message.subject, message.received, message.message_id) == ("from the wire", 1, "one@mod.example")
    assert [part.kind for part in message.parts] == ["text/plain"]
    assert raw.count(b"Content-Type:") == 1


def test_attachments_and_messages_attached(tmp_path: Path) -> None:
    inner = note()
    inner["__properties_version1.0"] = fixed(24, p00390040=SENT)
    files = {
        "__attach_version1.0_#00000000": streams(
            8, {"p37050003": 1}, p3707001F="Größe.txt", p37010102=b"canary-file" * 900, p370E001F="text/x-log"
        ),
        "__attach_version1.0_#00000001": streams(8, {"p37050003": 5}) | {"__substg1.0_3701000D": inner},
        "__attach_version1.0_#00000002": streams(8, {"p37050003": 6}) | {"__substg1.0_3701000D": {"CONTENTS": b"drawing"}},
    }
    message, raw, reasons = opened(tmp_path, note(**files))
    assert [part.kind for part in message.parts] == ["text/plain", "text/x-log", "text/plain"]
    assert content(raw, message.parts[1]) == b"canary-file" * 900
    assert content(raw, message.parts[2]).decode() == "canary-body ✓"
    assert b"filename*=utf-8''Gr%C3%B6%C3%9Fe.txt" in raw
    assert reasons == ["unknown-attachment"]


def test_html_in_its_own_character_set(tmp_path: Path) -> None:
    tree = note(**{"__substg1.0_10130102": "<p>größer</p>".encode("cp1252")})
    tree["__properties_version1.0"] = fixed(32, p3FDE0003=1252)
    message, raw, _ = opened(tmp_path, tree)
    assert [(part.kind, part.charset) for part in message.parts] == [("text/plain", "utf-8"), ("text/html", "cp1252")]
    assert content(raw, message.parts[1]).decode("cp1252") == "<p>größer</p>"


def test_a_body_that_is_rtf_alone_is_a_part(tmp_path: Path) -> None:
    import compressed_rtf

    rtf = rb"{\rtf1 canary-body}"
    tree = note(**{"__substg1.0_10090102": compressed_rtf.compress(rtf)})
    del tree["__substg1.0_1000001F"]
    message, raw, _ = opened(tmp_path, tree)
    assert [(part.kind, content(raw, part)) for part in message.parts] == [("application/rtf", rtf)]


@pytest.mark.parametrize(
    ("codepage", "text", "octets"),
    [
        (932, "日本語", "日本語".encode("cp932")),
        (50220, "日本語", "日本語".encode("cp932")),  # says ISO-2022-JP and is not: read as far as it can be
        (1251, "Привет", "Привет".encode("cp1251")),
        (0, "café", "café".encode("cp1252")),
    ],
)
def test_eight_bit_text_of_any_code_page(tmp_path: Path, codepage: int, text: str, octets: bytes) -> None:
    tree = note(**{"__substg1.0_0037001E": octets})
    del tree["__substg1.0_0037001F"]
    tree["__properties_version1.0"] = fixed(32, p00390040=SENT, p3FFD0003=codepage)
    message, _, _ = opened(tmp_path, tree)
    assert message.subject == text or codepage == 50220
    assert message.subject


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    tree = note()
    tree["__recip_version1.0_#00000001"] = person(2, "Lopez, R", "/O=MOD/CN=LOPEZ", "EX")
    message, _, reasons = opened(tmp_path, tree)
    assert reasons == ["recipient-without-address"]
    assert [one.spec for one in message.rcpts] == ["jane@army.ml", "bcc@x.example"]


def test_a_draft_says_so(tmp_path: Path) -> None:
    tree = note()
    tree["__properties_version1.0"] = fixed(32, p0E070003=8)
    _, raw, _ = opened(tmp_path, tree)
    assert b"\r\nX-Unsent: 1\r\n" in raw


def test_no_property_can_add_a_field(tmp_path: Path) -> None:
    tree = note(**{"__substg1.0_0037001F": "a\r\nBcc: evil@x.example\r\n\r\nbody", "__substg1.0_1035001F": "<a>\r\nX: y"})
    tree["__recip_version1.0_#00000000"] = person(1, 'Jane"\r\nBcc: evil@x.example', "jane@army.ml\r\nCc: evil@x.example")
    message, _, _ = opened(tmp_path, tree)
    assert "evil@x.example" not in [one.spec for one in (*message.cc, *message.bcc)]


def test_other_compound_files_and_damaged_ones_are_said(tmp_path: Path) -> None:
    path = tmp_path / "a"
    whole = compound(note(**{"__substg1.0_10130102": bytes(9000)}))
    for content_, reason in (
        (compound({"WordDocument": b"x"}), "not-a-known-type"),
        (msg.MAGIC + bytes(600), "damaged-message"),
    ):
        path.write_bytes(content_)
        assert list(msg.read_msg(path)) == [Skipped(str(path), reason)]
    for cut in range(512, len(whole), 512):
        path.write_bytes(whole[:cut])
        assert all(isinstance(one, Item) or one.reason in REASONS for one in msg.read_msg(path))
