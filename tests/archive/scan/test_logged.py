"""Logs are read file by file, by whoever is free, and tell together what one file of them would."""

import pytest

from missent.archive.scan import logged
from missent.archive.scan.pool import Pool, here
from missent.testing.planted import plant


@pytest.fixture
def cut(tmp_path):
    """Planted mail with its log whole, and with the log cut into three: a message's lines lie in two of them."""
    archive = plant(each=4)
    for name in ("whole", "parts"):
        archive.write(tmp_path / name)
    log = tmp_path / "parts" / "mail.log"
    lines = log.read_text().splitlines(keepends=True)
    log.unlink()
    for n, start in enumerate(range(0, len(lines), len(lines) // 3 + 1)):
        part = lines[start : start + len(lines) // 3 + 1]
        (tmp_path / "parts" / f"mail.log.{3 - n}").write_text("".join(part))
    return tmp_path


def told(exposures):
    return {(e.message_id, e.rcpt): (e.accepted, e.accepted_by, e.findings) for e in exposures}


@pytest.mark.parametrize("engine", [here, Pool(2)])
def test_rotated_logs_tell_what_one_does(scan, cut, engine):
    whole, parts = scan(cut / "whole", folder="one"), scan(cut / "parts", folder="many", engine=engine)
    assert told(parts[1]) == told(whole[1])
    assert {accepted for accepted, *_ in told(whole[1]).values()} >= {"yes", "no"}
    assert (parts[0].messages, parts[0].unread) == (whole[0].messages, whole[0].unread)
    assert len(list((cut / "many" / "logs").glob("*.db"))) == 3


def test_a_log_that_was_read_is_not_read_again(scan, cut, monkeypatch):
    def broken(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(logged, "gather_parts", broken)
    with pytest.raises(KeyboardInterrupt):
        scan(cut / "parts")
    read = {path: path.stat().st_mtime_ns for path in (cut / "state" / "logs").iterdir()}
    assert len(read) == 6
    monkeypatch.undo()
    assert told(scan(cut / "parts")[1])
    assert {path: path.stat().st_mtime_ns for path in read} == read


def test_what_a_log_does_not_tell_is_listed_once(scan, cut):
    for n in (1, 2):
        log = cut / "parts" / f"mail.log.{n}"
        log.write_text(log.read_text() + "this is no line of a log\n")
    summary = scan(cut / "parts", engine=Pool(2))[0]
    assert sorted(unread.reason for unread in summary.skipped) == ["line-not-understood"] * 2
