import gzip
from pathlib import Path

import pytest

from missent.archive.item import ALONE, OF_A_FILE, REASONS, Item
from missent.archive.readers import open_source, sources
from missent.nouns.verdict import Skipped

EML = b"From: a@x.mil\r\nTo: b@y.mil\r\n\r\nhello\r\n"
MBOX = b"From a@x.mil Wed Jul 19 10:02:11 2023\n" + EML.replace(b"\r", b"")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (MBOX, "mbox"),
        (gzip.compress(MBOX, mtime=0), "mbox"),
        (EML, "eml"),
        (gzip.compress(EML, mtime=0), "eml"),
        (b"\xef\xbb\xbf" + EML, "eml"),
        (b"Just some text.\nNo mail.\n", ""),
        (b"%PDF-1.7\n", ""),
        (b"", ""),
    ],
)
def test_kinds_are_told_by_content(tmp_path: Path, content: bytes, kind: str) -> None:
    path = tmp_path / "named-wrongly.pdf"
    path.write_bytes(content)
    assert [source.kind for source in sources(path)] == [kind]
    (only,) = open_source(path)
    assert isinstance(only, Item) == bool(kind)
    if not kind:
        assert only == Skipped(str(path), "not-a-known-type")


def test_folders(tmp_path: Path) -> None:
    for name in ("eml/2/b.eml", "eml/1/a.txt", "Maildir/cur/1:2,S", "Maildir/new/2", "Maildir/tmp/3", "Maildir/.Sent/cur/4"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(EML)
    for name in ("Maildir/.Sent/new", "Maildir/.Sent/tmp"):
        (tmp_path / name).mkdir()
    (tmp_path / "Maildir/dovecot-uidlist").write_bytes(b"3 V1\n")
    (tmp_path / "eml/.hidden").write_bytes(EML)
    (tmp_path / "all.mbox").write_bytes(MBOX)
    items = [item for item in open_source(tmp_path) if isinstance(item, Item)]
    assert [item.where.removeprefix(f"{tmp_path}/") for item in items] == [
        "Maildir/.Sent/cur/4",
        "Maildir/cur/1:2,S",
        "Maildir/new/2",
        "all.mbox:0",
        "eml/1/a.txt",
        "eml/2/b.eml",
    ]
    assert {item.raw.replace(b"\r", b"") for item in items} == {EML.replace(b"\r", b"")}


def test_what_cannot_be_opened_is_skipped(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(open_source(tmp_path / "absent"))
    (tmp_path / "a.eml").write_bytes(EML)
    (source,) = sources(tmp_path)
    (tmp_path / "a.eml").unlink()
    assert list(source.items()) == [Skipped(str(tmp_path / "a.eml"), "cannot-be-opened")]


def test_a_read_message_is_not_read_again(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(EML)
    (item,) = open_source(tmp_path / "a.eml")
    assert isinstance(item, Item)
    assert list(open_source(tmp_path / "a.eml", item.resume)) == []


def test_a_log_is_no_mail_and_mail_that_quotes_a_log_is_no_log(tmp_path: Path) -> None:
    line = b"2023-07-19T10:02:11+00:00 mx postfix/qmgr[1]: 4A1B2C3D4E: removed\n"
    (tmp_path / "a").write_bytes(line * 3)
    (tmp_path / "b").write_bytes(EML + line)
    log, mail = sources(tmp_path)
    assert (log.kind, log.is_log, list(log.items())) == ("postfix-log", True, [Skipped(str(tmp_path / "a"), "log-not-joined")])
    assert (mail.kind, mail.is_log) == ("eml", False)


def test_reasons_that_cost_one_message_are_reasons() -> None:
    assert set(REASONS) > ALONE | OF_A_FILE
    assert not ALONE & OF_A_FILE
