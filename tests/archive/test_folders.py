import os
from pathlib import Path

import pytest

from missent.archive import folders
from missent.archive.folders import Found, walk
from missent.archive.readers import open_source
from missent.nouns.verdict import Skipped


def made(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_files_come_in_the_order_of_names(tmp_path: Path) -> None:
    made(tmp_path, "b/2", "b/1", "c", "a", ".hidden")
    assert [str(found.path.relative_to(tmp_path)) for found in walk(tmp_path)] == ["a", "b/1", "b/2", "c"]


@pytest.mark.parametrize("most", [1, 5, 100])
def test_a_folder_too_large_to_sort_is_still_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(folders, "MOST_SORTED", most)
    made(tmp_path, *(str(n) for n in range(40)))
    assert {int(found.path.name) for found in walk(tmp_path)} == set(range(40))


def test_links_are_followed_to_files_and_not_to_folders(tmp_path: Path) -> None:
    made(tmp_path, "in/a")
    (tmp_path / "in" / "round").symlink_to(tmp_path)
    (tmp_path / "in" / "file").symlink_to(tmp_path / "in" / "a")
    (tmp_path / "in" / "dangling").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "in" / "pipe")
    assert [found.path.name for found in walk(tmp_path)] == ["a", "dangling", "file"]  # opening the second says that it is gone


def test_a_folder_that_vanishes_is_said_and_the_rest_read(tmp_path: Path) -> None:
    made(tmp_path, "a/1", "b/2", "c/3")
    found = walk(tmp_path)
    assert next(found) == Found(tmp_path / "a" / "1")
    (tmp_path / "b" / "2").unlink()
    (tmp_path / "b").rmdir()
    assert list(found) == [Found(tmp_path / "b", listed=False), Found(tmp_path / "c" / "3")]


def test_a_file_that_vanishes_between_listing_and_reading_is_said(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).write_bytes(b"From: a@x.mil\nTo: b@y.mil\n\nhello\n")
    found = open_source(tmp_path)
    next(found)
    (tmp_path / "b").unlink()
    gone, last = found
    assert gone == Skipped(str(tmp_path / "b"), "cannot-be-opened")
    assert last.where == str(tmp_path / "c")
