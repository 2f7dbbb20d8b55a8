"""Originals are found again by the place an exposure names, and nothing else is."""

import zipfile

import pytest

from missent.archive.originals import log_lines, message
from missent.archive.readers import open_source
from missent.message.reading import read
from missent.testing.planted import plant


@pytest.fixture
def folder(tmp_path):
    plant(each=1, ordinary=30).write(tmp_path)
    return tmp_path


def id_of(item):
    return read(item.raw).message_id


def test_in_a_mailbox_a_file_and_a_container(folder):
    box = folder / "anna.clark.mbox"
    items = list(open_source(box))
    assert message([items[1].where], id_of(items[1])) == items[1].raw
    (folder / "one.eml").write_bytes(items[0].raw)
    assert message(["nowhere:5", str(folder / "one.eml")], id_of(items[0])) == items[0].raw
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.write(box, "in/a.mbox")
    packed = list(open_source(folder / "all.zip"))
    assert message([packed[2].where], id_of(packed[2])) == packed[2].raw == items[2].raw


def test_log_lines(folder):
    log = folder / "mail.log"
    offset = log.read_bytes().index(b"\n") + 1
    assert list(log_lines([f"{log}:{offset}"])) == [(f"{log}:{offset}", log.read_bytes()[offset:].partition(b"\n")[0])]
    assert message([f"{log}:{offset}"], "") is None


@pytest.mark.parametrize("where", ["/etc/passwd", "/etc/passwd:3", "gone.mbox:3", "", "gone.zip!a:1"])
def test_what_is_no_mail_is_not_taken(where):
    assert message([where], "") is None
    assert list(log_lines([where])) == []


def test_another_mail_at_the_same_place_is_not_taken(folder):
    items = list(open_source(folder / "anna.clark.mbox"))
    assert message([items[1].where], id_of(items[0])) is None
