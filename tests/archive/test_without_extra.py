"""Without the extra `archive`: what takes it is said, the rest is read."""

import sys
from pathlib import Path

import pytest

from missent.archive import objects
from missent.archive.item import Item
from missent.archive.readers import is_there, open_source, sources
from missent.errors import ConfigError
from missent.nouns.verdict import Skipped

EML = b"From: a@x.mil\nTo: b@y.mil\n\nhello\n"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("backports.zstd", "compressed_rtf", "fsspec", "imapclient", "olefile", "pypff", "s3fs"):
        monkeypatch.setitem(sys.modules, name, None)


def test_files_that_take_it_are_said_and_the_others_read(tmp_path: Path) -> None:
    (tmp_path / "a.zst").write_bytes(b"\x28\xb5\x2f\xfd" + bytes(50))
    (tmp_path / "b.msg").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    (tmp_path / "c.pst").write_bytes(b"!BDN" + bytes(600))
    (tmp_path / "d.eml").write_bytes(EML)
    found = list(open_source(tmp_path))
    assert [one.reason for one in found if isinstance(one, Skipped)] == ["reader-not-installed"] * 3
    assert [one.raw for one in found if isinstance(one, Item)] == [EML]


def test_an_account_that_takes_it_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISSENT_IMAP_PASSWORD", "canary")
    with pytest.raises(ConfigError, match="extra `archive`"):
        list(sources(Path("imaps://a@localhost:1/INBOX")))


def test_a_bucket_that_takes_it_is_one_line_before_anything_is_asked() -> None:
    objects._system.cache_clear()
    with pytest.raises(ConfigError, match=r"s3:// takes the package s3fs: pip install 'missent\[archive\]'"):
        is_there(Path("s3://bucket/prefix"))
    with pytest.raises(ConfigError, match="gs:// takes the package gcsfs: pip install gcsfs"):
        is_there(Path("gs://bucket/prefix"))
