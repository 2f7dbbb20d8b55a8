"""Folders of any size, entry by entry: what is remembered of one that is too large to sort is where the system stands in it."""

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

MOST_SORTED = 100_000
"""Entries of a folder up to which they come in the order of names; of more, in that of the folder."""


class Found(NamedTuple):
    """A file in a folder.

    Attributes:
        path: the file; or the folder that cannot be listed.
        mail: whether its place says that it is a message: `cur` and `new` of a Maildir.
        listed: False of a folder that cannot be listed, or not to its end.
    """

    path: Path
    mail: bool = False
    listed: bool = True


def walk(folder: Path) -> Iterator[Found]:
    """The files of a folder and those within it.

    Of a Maildir (a folder with `cur` and `new`) the messages in these, and folders within it; of other folders every file
    that is not hidden. Links to folders are not followed, so that no circle is.
    """
    maildir = (folder / "cur").is_dir() and (folder / "new").is_dir()
    for name, is_folder in _entries(folder):
        path = folder / name
        if not name:
            yield Found(folder, listed=False)
        elif is_folder and maildir and name in {"cur", "new"}:
            yield from (
                Found(path / one if one else path, mail=True, listed=bool(one)) for one, inner in _entries(path) if not inner
            )
        elif is_folder and not (maildir and name == "tmp"):
            yield from walk(path)
        elif not is_folder and not maildir and not name.startswith("."):
            yield Found(path)


def _entries(folder: Path) -> Iterator[tuple[str, bool]]:
    """Names, and whether each is a folder; "" stands for what could not be listed. Neither files nor folders: left out."""
    try:
        with os.scandir(folder) as entries:
            names = ((one.name, one.is_dir(follow_symlinks=False)) for one in entries if _counts(one))
            first = sorted(islice(names, MOST_SORTED))
            yield from first
            yield from names
    except OSError:
        yield "", False


def _counts(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False) or entry.is_file() or _dangles(entry)
    except OSError:  # it vanished between being listed and being asked for: opening it says so
        return True


def _dangles(entry: os.DirEntry[str]) -> bool:
    """Whether it is a link to what is not there: mail that was meant to be read, and opening it says so."""
    return entry.is_symlink() and not Path(entry.path).exists()
