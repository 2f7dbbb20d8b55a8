"""What crosses between the process that judges and one that opens: JSON and octets, never objects.

A worker that a hostile file has taken over can say what it likes; so an answer is taken apart here field by field, its
places must lie within what was asked, and nothing of it is ever executed or unpickled.
"""

import json
import re
import struct
from dataclasses import asdict
from typing import Any

from missent.content.opened import Attachment, Hidden, Opened
from missent.content.pieces import Piece
from missent.nouns.verdict import Skipped
from missent.reading.gathering import File

_FRAME = struct.Struct("!IQ")
_ID = re.compile(r"[a-z0-9-]{1,40}")


class Garbled(Exception):
    """What came over the wire is not what was agreed on."""


def pack(head: dict[str, Any], data: bytes = b"") -> tuple[bytes, bytes]:
    """One frame: a JSON object, and octets."""
    written = json.dumps(head, separators=(",", ":")).encode()
    return _FRAME.pack(len(written), len(data)) + written, data


def sizes(frame: bytes) -> tuple[int, int]:
    """Lengths of the two parts behind the first `FRAME` octets."""
    head, data = _FRAME.unpack(frame)
    return int(head), int(data)


FRAME = _FRAME.size


def parse(written: bytes) -> dict[str, Any]:
    """A frame's JSON. Raises Garbled."""
    try:
        head = json.loads(written)
    except (ValueError, RecursionError):
        raise Garbled("no JSON") from None
    if not isinstance(head, dict):
        raise Garbled("no object")
    return head


def file_head(file: File) -> dict[str, Any]:
    """A file without its octets."""
    return {"path": file.path, "name": file.name, "declared": file.declared, "charset": file.charset, "depth": file.depth}


def file_of(head: dict[str, Any], data: bytes) -> File:
    """The file again, in the worker."""
    return File(head["path"], head["name"], data, head["declared"], head["charset"], head["depth"])


def opened_head(opened: Opened) -> dict[str, Any]:
    """What was found, as JSON."""
    return {
        "pieces": [[p.where, p.text] for p in opened.pieces],
        "attachments": [asdict(a) for a in opened.attachments],
        "hidden": [[h.where, h.kind, h.shown, h.held] for h in opened.hidden],
        "skipped": [[s.where, s.reason] for s in opened.skipped],
    }


def opened_of(head: dict[str, Any], file: File) -> Opened:
    """What was found in a file. Raises Garbled where it is not about that file or not of the agreed form."""
    try:
        return Opened(
            tuple(Piece(_within(where, file.where), _text(text)) for where, text in head["pieces"]),
            tuple(_attachment(row, file.path) for row in head["attachments"]),
            tuple(Hidden(_within(w, file.where), _id(kind), int(shown), int(held)) for w, kind, shown, held in head["hidden"]),
            tuple(Skipped(_within(where, file.path), _id(reason)) for where, reason in head["skipped"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Garbled(type(error).__name__) from None


def _attachment(row: dict[str, Any], path: str) -> Attachment:
    return Attachment(
        _within(row["path"], path),
        _text(row["name"]),
        _text(row["kind"])[:100],
        int(row["size"]),
        _text(row["sha256"])[:64],
        int(row["people"]),
    )


def _within(where: object, top: str) -> str:
    if not isinstance(where, str) or not (where == top or where.startswith((f"{top}!", f"{top}/"))):
        raise ValueError("a place outside of what was asked")
    return where


def _text(said: object) -> str:
    if not isinstance(said, str):
        raise TypeError("not a text")
    return said


def _id(said: object) -> str:
    if not isinstance(said, str) or not _ID.fullmatch(said):
        raise ValueError("not an id")
    return said
