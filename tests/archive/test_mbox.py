import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from missent.archive import mbox, streams
from missent.archive.item import Item
from missent.archive.mbox import next_message, read_mbox
from missent.nouns.verdict import Skipped

FROM = b"From a@x.mil Wed Jul 19 10:02:11 2023\n"


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "a.mbox"
    path.write_bytes(content)
    return path


def raws(path: Path, start: int = 0) -> list[bytes]:
    return [item.raw for item in read_mbox(path, start) if isinstance(item, Item)]


CASES = {
    "two": (FROM + b"A: 1\n\none\n\n" + FROM + b"A: 2\n\ntwo\n\n", [b"A: 1\n\none\n", b"A: 2\n\ntwo\n"]),
    "no empty line between": (FROM + b"A: 1\n\none\n" + FROM + b"A: 2\n\ntwo", [b"A: 1\n\none\n", b"A: 2\n\ntwo"]),
    "other separators": (
        b"From - Wed Jul 19 10:02:11 2023\nA: 1\n\nx\n\nFrom nobody\nA: 2\n\ny\n",
        [b"A: 1\n\nx\n", b"A: 2\n\ny\n"],
    ),
    "prose": (FROM + b"A: 1\n\nx\nFrom here\nA: b\n\nFrom there\non\n", [b"A: 1\n\nx\nFrom here\nA: b\n\nFrom there\non\n"]),
    "quoted": (FROM + b"A: 1\n\n>From here\n>>From there\n> From\n", [b"A: 1\n\nFrom here\n>From there\n> From\n"]),
    "empty body": (FROM + b"A: 1\n\n" + FROM + b"A: 2\n\n\n", [b"A: 1\n", b"A: 2\n\n"]),
    "no header": (FROM, [b""]),
    "empty": (b"", []),
}


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("case", CASES)
def test_messages(tmp_path: Path, case: str, line_end: bytes) -> None:
    content, messages = CASES[case]
    path = written(tmp_path, content.replace(b"\n", line_end))
    assert raws(path) == [message.replace(b"\n", line_end) for message in messages]


def mailbox(count: int) -> bytes:
    return b"".join(FROM + b"Subject: %d\n\n" % n + b"line\n" * (n * 7 % 400) + b"\n" for n in range(count))


@pytest.mark.parametrize("size", [1, 999, 1000, 4096, 70_001])
def test_chunks_do_not_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    path = written(tmp_path, mailbox(60 if size > 1 else 12))
    whole = list(read_mbox(path))
    monkeypatch.setattr(streams.Stream.chunks, "__defaults__", (0, size))
    assert list(read_mbox(path)) == whole
    assert len(whole) == (60 if size > 1 else 12)


@pytest.mark.parametrize("packed", [False, True])
def test_resumes_behind_any_message(tmp_path: Path, packed: bool) -> None:
    content = mailbox(20)
    path = written(tmp_path, gzip.compress(content) if packed else content)
    items = [item for item in read_mbox(path) if isinstance(item, Item)]
    assert items[-1].resume == len(content)
    for n, item in enumerate(items):
        assert list(read_mbox(path, item.resume)) == items[n + 1 :]
        offset = int(item.where.rpartition(":")[2])
        assert content[offset:].startswith(FROM + b"Subject: %d\n" % n)


def test_several_gzip_members(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(mailbox(3)) + gzip.compress(mailbox(2)) + b"\0" * 512)
    assert len(raws(path)) == 5
    assert not [item for item in read_mbox(path) if isinstance(item, Skipped)]


@pytest.mark.parametrize(
    ("damage", "reason"), [(lambda packed: packed[:-300], "truncated-gzip"), (lambda packed: packed + b"junk", "damaged-gzip")]
)
def test_damaged_end_costs_only_itself(tmp_path: Path, damage: Callable[[bytes], bytes], reason: str) -> None:
    path = written(tmp_path, damage(gzip.compress(mailbox(300))))
    items = list(read_mbox(path))
    assert isinstance(items[-1], Skipped)
    assert items[-1].reason == reason
    assert all(isinstance(item, Item) for item in items[:-1])
    assert len(items) > 100


def test_too_large_message_is_skipped_and_the_next_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mbox, "LARGEST", 50_000)
    monkeypatch.setattr(mbox, "BEGINNING", 10_000)
    monkeypatch.setattr(streams.Stream.chunks, "__defaults__", (0, 4096))
    path = written(tmp_path, FROM + b"A: 1\n\n" + FROM + b"A: big\n\n" + b"line\n" * 30_000 + b"\n" + FROM + b"A: 3\n\n")
    first, big, said, third = read_mbox(path)
    assert isinstance(first, Item)
    assert isinstance(big, Item)
    assert (big.raw[:10], len(big.raw)) == (b"A: big\n\nli", mbox.BEGINNING)
    assert said == Skipped(f"{path}:{len(FROM) + 6}", "too-large")
    assert list(read_mbox(path, big.resume)) == [third]
    assert isinstance(third, Item)
    assert third.raw == b"A: 3\n"


@pytest.mark.parametrize("size", [1500, 70_001])
def test_a_mailbox_can_be_read_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    content = mailbox(40)
    path = written(tmp_path, content)
    whole = [item for item in read_mbox(path) if isinstance(item, Item)]
    begins = [int(item.where.rpartition(":")[2]) for item in whole]
    monkeypatch.setattr(streams.Stream.chunks, "__defaults__", (0, size))
    for offset in (0, 1, begins[1] - 1, begins[1], begins[1] + 1, begins[20] + 6, begins[-1], begins[-1] + 1, len(content)):
        expected = next((begin for begin in begins if begin >= offset), len(content))
        assert next_message(path, offset) == expected


def test_a_mailbox_that_grows_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams.Stream.chunks, "__defaults__", (0, 4096))
    path = written(tmp_path, mailbox(60))
    items = read_mbox(path)
    read = [next(items)]
    with path.open("ab") as file:
        file.write(mailbox(3))
    read += items
    assert len(read) == 63
    assert all(isinstance(item, Item) for item in read)
    assert list(read_mbox(path)) == read
