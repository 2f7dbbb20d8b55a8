"""What `bench.content` reads: pages of a tar archive, messages of an mbox, labelled sentences, or made-up pages."""

import json
import re
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from missent.archive.mbox import read_mbox
from missent.content.pieces import Piece
from missent.message.reading import read
from missent.nouns.verdict import Skipped
from missent.reading.texts import open_texts

Text = tuple[str, tuple[Piece, ...]]
"""An id and what is to be read."""


@dataclass
class Corpora:
    """Everything found under the paths given.

    Attributes:
        raw: messages as octets, by id; posted: their texts.
        released: pages of archives.
        sentences: with labelled spans, as presidio-research writes them.
    """

    raw: list[tuple[str, bytes]] = field(default_factory=list)
    posted: list[Text] = field(default_factory=list)
    released: list[Text] = field(default_factory=list)
    sentences: list[dict[str, Any]] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def gather(paths: Sequence[Path], most: int) -> Corpora:
    """Read all; messages evenly chosen, at most `most`, each text once: the same mail stands in several people's boxes."""
    files = [f for path in paths for f in (sorted(path.rglob("*")) if path.is_dir() else [path]) if f.is_file()]
    found = Corpora()
    boxes = []
    for file in files:
        if re.search(r"\.mbox(\.gz)?$", file.name):
            boxes.append(file)
        elif tarfile.is_tarfile(file) and (pages := list(_pages(file))):
            found.released += pages
        elif file.suffix == ".json" and (sentences := _sentences(file)):
            found.sentences += sentences
        else:
            found.skipped.append(str(file))
    every = [message for box in boxes for message in _messages(box)]
    found.raw = every[:: max(1, len(every) // most)][:most]
    seen = set()
    for name, raw in found.raw:
        pieces = open_texts(raw, read(raw)).pieces
        if pieces not in seen:
            seen.add(pieces)
            found.posted.append((name, pieces))
    return found


def _pages(path: Path) -> Iterator[Text]:
    with tarfile.open(path) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.name.endswith(".txt") else None
            if file is not None:
                yield Path(member.name).stem, (Piece("attachment:1", file.read().decode("utf-8", "replace")),)


def _messages(path: Path) -> Iterator[tuple[str, bytes]]:
    """One person's messages, those with the same octets once."""
    seen = set()
    for number, item in enumerate(read_mbox(path)):
        if not isinstance(item, Skipped) and item.raw not in seen:
            seen.add(item.raw)
            yield f"{path.name.partition('.')[0]}:{number}", item.raw


def _sentences(path: Path) -> list[dict[str, Any]]:
    rows = json.loads(path.read_text(encoding="utf-8"))
    return rows if isinstance(rows, list) and rows and "full_text" in rows[0] else []


def made_up() -> Corpora:
    """Pages of plain prose, each tenth with a determination, and messages of the same prose."""
    prose = "The clerk read the report and put it into the drawer with the others that nobody had asked for.\n" * 20
    block = "Classified by A, B on 01/01/2001\n~ Class: CONFIDENTIAL ~ Reason: 1.4(D) ~ Declassify on: 01/01/2030\n\n"
    made = Corpora()
    for n in range(1000):
        made.released.append((str(n), (Piece("attachment:1", f"UNCLASSIFIED\n\n{'' if n % 10 else block}{prose}"),)))
        made.raw.append((str(n), f"From: a@x.example\r\nTo: b@y.example\r\nSubject: report {n}\r\n\r\n{prose}".encode()))
        made.posted.append((str(n), (Piece("subject", f"report {n}"), Piece("body", f"{n} {prose}"))))
    return made
