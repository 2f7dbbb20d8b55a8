import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from missent.archive import containers
from missent.archive.handovers import handovers
from missent.archive.item import REASONS, Item
from missent.archive.logs.handover import Handover
from missent.archive.readers import open_source, sources
from missent.nouns.verdict import Skipped

EML = b"From: a@x.mil\nTo: b@y.mil\n\nhello\n"
MBOX = b"From a@x.mil Wed Jul 19 10:02:11 2023\n" + EML + b"\n"
LOG = b"Jul 19 10:02:11 mx postfix/smtp[4]: 4A1B2C3D4E: to=<a@x.mil>, relay=none, delay=1, dsn=2.0.0, status=sent (ok)\n"


def zstd(content: bytes) -> bytes:
    return pytest.importorskip("backports.zstd").compress(content)


def tar(members: dict[str, bytes], changed: int = 1_700_000_000) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), changed
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2023, 7, 20, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def read(tmp_path: Path, content: bytes) -> list[tuple[str, str]]:
    """Where each message stood, or what was not read and why, without the folder's name."""
    path = tmp_path / "a"
    path.write_bytes(content)
    found = list(open_source(path))
    assert all(one.reason in REASONS for one in found if isinstance(one, Skipped))
    assert all(one.raw.rstrip() == EML.rstrip() for one in found if isinstance(one, Item))
    return [(one.where.removeprefix(f"{path}"), "" if isinstance(one, Item) else one.reason) for one in found]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd])
@pytest.mark.parametrize("make", [tar, zipped])
def test_members_are_read_whatever_they_and_the_whole_are_packed_with(
    tmp_path: Path, pack: Callable[[bytes], bytes], make: Callable[[dict[str, bytes]], bytes]
) -> None:
    content = make({"in/a.mbox": MBOX * 2, "b.eml": EML, "c": pack(MBOX), "d.log": LOG, "e.txt": b"no mail"})
    expected = [
        ("!in/a.mbox:0", ""),
        (f"!in/a.mbox:{len(MBOX)}", ""),
        ("!b.eml", ""),
        ("!c:0", ""),
        ("!e.txt", "not-a-known-type"),
    ]
    assert read(tmp_path, content) == expected
    if make is tar:
        assert read(tmp_path, pack(content)) == expected


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd])
def test_packed_mailboxes(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    two = pack(MBOX) + pack(MBOX)
    assert read(tmp_path, two) == [(":0", ""), (f":{len(MBOX)}", "")]
    many = pack(b"".join(MBOX.replace(b"\n\n", b"\nX: %d\n\n" % n) for n in range(3000)))
    (tmp_path / "cut").write_bytes(many[:-9])
    *_, last = open_source(tmp_path / "cut")
    assert isinstance(last, Skipped)
    assert last.reason.startswith("truncated-")
    (tmp_path / "junk").write_bytes(many + b"junk")
    *_, last = open_source(tmp_path / "junk")
    assert isinstance(last, Skipped)
    assert last.reason.startswith(("damaged-", "truncated-"))


def test_containers_within_containers_down_to_a_limit(tmp_path: Path) -> None:
    content = zipped({"1.zip": zipped({"2.tar": tar({"3.mbox": MBOX, "4.zip": zipped({"5.eml": EML})})}), "6.eml": EML})
    assert read(tmp_path, content) == [("!1.zip!2.tar!3.mbox:0", ""), ("!1.zip!2.tar!4.zip", "too-deep-inside"), ("!6.eml", "")]


def test_reading_goes_on_behind_any_message(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(tar({"a.mbox": MBOX * 3, "b.eml": EML}))
    items = [one for one in open_source(tmp_path / "a") if isinstance(one, Item)]
    assert len(items) == 4
    for n, item in enumerate(items):
        assert list(open_source(tmp_path / "a", item.resume)) == items[n + 1 :]


def test_logs_among_members_are_read_by_who_joins_them(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(tar({"mail.log.1": LOG, "old.gz": gzip.compress(LOG), "b.eml": EML}))
    (source,) = sources(path)
    assert source.may_hold_logs
    told = list(handovers(source))
    assert all(isinstance(one, Handover) and one.rcpt == "a@x.mil" and one.at == 1_689_760_931 for one in told)
    assert [one.where for one in told if isinstance(one, Handover)] == [f"{path}!mail.log.1:0", f"{path}!old.gz:0"]


@pytest.mark.parametrize("name", ["../../out.eml", "/tmp/missent-out.eml", "..", "a\0b", "C:\\x"])
def test_no_name_of_a_member_leads_out(tmp_path: Path, name: str) -> None:
    inside = tmp_path / "in" / "in"
    inside.mkdir(parents=True)
    assert len(read(inside, tar({name: EML}))) == 1
    assert sorted(tmp_path.rglob("*")) == [tmp_path / "in", inside, inside / "a"]
    assert not Path("/tmp/missent-out.eml").exists()


def test_links_and_devices_of_a_tar_are_nothing(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE):
            info = tarfile.TarInfo("x")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    assert read(tmp_path, out.getvalue()) == []


@pytest.mark.parametrize("make", [lambda bomb: gzip.compress(tar(bomb)), zipped, lambda bomb: zipped({"in": zipped(bomb)})])
def test_a_bomb_costs_its_budget_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[dict[str, bytes]], bytes]
) -> None:
    monkeypatch.setattr(containers, "LEAST", 5_000_000)
    monkeypatch.setattr(containers, "TIMES", 2)
    found = read(tmp_path, make({"a.eml": EML, "bomb": bytes(20_000_000), "c.eml": EML}))
    assert found[0][1] == ""
    assert [reason for _, reason in found[1:]] == ["too-much-inside"]


def test_damage_costs_what_stands_behind_it(tmp_path: Path) -> None:
    content = tar({"a.eml": EML, "b.eml": EML * 500})
    assert read(tmp_path, content[:2000]) == [("!a.eml", ""), ("", "damaged-container")]
    packed = zipped({"a.eml": EML, "b.eml": bytes(range(256)) * 30})
    broken = packed.replace(packed[300:320], b"x" * 20)
    assert ("!b.eml", "damaged-container") in read(tmp_path, broken)
    assert read(tmp_path, packed[:-30]) == [("", "damaged-container")]


def test_an_office_document_is_no_archive(tmp_path: Path) -> None:
    assert read(tmp_path, zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": EML})) == [("", "not-a-known-type")]


def test_an_encrypted_member_is_said(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.eml": EML}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert read(tmp_path, bytes(content)) == [("!a.eml", "encrypted-member")]
