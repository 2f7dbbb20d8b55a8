"""Rich Text Format, and the files embedded in it."""

import re
from collections.abc import Iterator
from itertools import islice

from missent.reading.gathering import File, Into

_OBJECT = re.compile(rb"\\objdata[^\\{}]{0,20}?[\s]*([0-9A-Fa-f\s]{200,})")
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_HIDDEN = re.compile(r"\\v(?![a-z0-9])(?:\\[a-z]{1,20}-?\d{0,6} ?){0,20} ?[^{}\\]{1,2000}")
_CHANGED = re.compile(r"\\(?:deleted|revised)(?![a-z0])")
_COMMENT = re.compile(r"\\annotation(?![a-z])")
_BESIDE = re.compile(r"\{(?:\\\*)?\\(header|footer|footnote|annotation)[lrf]?(?![a-z])")
_FONTS = re.compile(r"\{\\fonttbl(?:[^{}]|\{[^{}]{0,500}\}){0,2000}\}")
_BRACE = re.compile(r"\\[{}\\]|[{}]")
_MOST = 200


def read(file: File, into: Into) -> None:
    """Its text; hidden and deleted text is counted."""
    from striprtf.striprtf import rtf_to_text

    written = file.data.decode("latin-1")
    beside = [rtf_to_text(group, errors="replace") for group in _beside(written)]  # type: ignore[no-untyped-call]
    into.text("\n".join((*dict.fromkeys(beside), rtf_to_text(written, errors="replace"))))  # type: ignore[no-untyped-call]
    into.hidden("hidden-text", 0, len(_HIDDEN.findall(written)))
    into.hidden("tracked-changes", 0, len(_CHANGED.findall(written)))
    into.hidden("comments", 0, len(_COMMENT.findall(written)))
    for match in _OBJECT.finditer(file.data):
        data = bytes.fromhex(_even(b"".join(match[1].split())).decode("ascii"))
        start = data.find(_OLE)
        if start >= 0:
            into.inside("", data[start:])


def _beside(written: str) -> Iterator[str]:
    """Headers, footers, notes and comments as documents of their own: the library leaves them out."""
    fonts = _FONTS.search(written)
    for match in islice(_BESIDE.finditer(written), _MOST):
        end = _group_end(written, match.start())
        yield r"{\rtf1\ansi" + (fonts[0] if fonts else "") + "{" + written[match.end() : end] + "}"


def _group_end(written: str, at: int) -> int:
    """Just behind the brace that closes the group which opens at `at`; the end where none does."""
    depth = 0
    for brace in _BRACE.finditer(written, at):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if not depth:
            return brace.end()
    return len(written)


def _even(digits: bytes) -> bytes:
    return digits[: len(digits) & ~1]


def preload() -> None:
    """What is needed once a file is read."""
    import striprtf.striprtf

    del striprtf
