"""Text of PowerPoint presentations before 2007 (MS-PPT): the text records, wherever they lie in the tree."""

import struct
from dataclasses import dataclass, field
from typing import Any

from missent.reading.gathering import Into
from missent.reading.unreadable import Unreadable

_WIDE, _NARROW, _NAME = 4000, 4008, 4026
_SLIDE, _NOTES, _MASTER, _SHOWING, _COMMENT = 1006, 1008, 1016, 1017, 12000
_CONTAINERS, _TEXTS = frozenset((_SLIDE, _NOTES, _MASTER)), frozenset((_WIDE, _NARROW, _NAME))
_LEAVES = _TEXTS | {_SHOWING}
_UNSEEN = 0x04  # SlideShowSlideInfoAtom.fHidden (MS-PPT 2.6.6)
_CONTAINER = 0x0F
_ENCRYPTED = 0xF3D1C4DF
_MOST = 2_000_000


def read(ole: Any, into: Into) -> None:
    """Texts in the order of the stream, a page where a slide begins. Raises Unreadable `encrypted-document`."""
    if ole.exists("Current User"):
        head = ole.openstream("Current User").read()[:16]
        if len(head) == 16 and struct.unpack_from("<I", head, 12)[0] == _ENCRYPTED:
            raise Unreadable("encrypted-document")
    data = ole.openstream("PowerPoint Document").read()
    told = _Told()
    at = 0
    for _ in range(_MOST):
        if at + 8 > len(data):
            break
        version, kind, size = struct.unpack_from("<HHI", data, at)
        at += 8
        told.record(kind, data[at : at + size] if kind in _LEAVES else b"")
        if version & 0x0F != _CONTAINER:  # a container's records follow its head
            at += size
    into.text("\n".join(told.texts))
    into.hidden("hidden-slides", told.slides - told.hidden, told.slides)
    into.hidden("notes", 0, told.notes)
    into.hidden("comments", 0, told.comments)


@dataclass(slots=True)
class _Told:
    """What the records said so far. `within`: the slide or notes one is in; `said`: whether these notes say something."""

    texts: list[str] = field(default_factory=list)
    within: int = 0
    said: bool = False
    slides: int = 0
    hidden: int = 0
    notes: int = 0
    comments: int = 0

    def record(self, kind: int, data: bytes) -> None:
        """Take one record; `data` of those that hold text or flags."""
        if kind in _CONTAINERS:
            self.within, self.said = kind, False
            self.slides += kind == _SLIDE
            self.texts += ["\f"] if kind == _SLIDE else []
        elif kind in _TEXTS:
            text = data.decode("latin-1" if kind == _NARROW else "utf-16-le", "replace").replace("\r", "\n")
            self.texts.append(text)
            if self.within == _NOTES and not self.said and kind != _NAME and _words(text):
                self.said, self.notes = True, self.notes + 1
        elif kind == _SHOWING and len(data) >= 12:
            self.hidden += bool(data[10] & _UNSEEN)
        self.comments += kind == _COMMENT


def _words(text: str) -> bool:
    """Whether it is more than a page number or a prompt for whoever writes."""
    return any(c.isalpha() for c in text) and not text.startswith("Click to ")
