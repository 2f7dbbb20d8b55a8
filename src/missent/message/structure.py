"""The tree of MIME parts (RFC 2046) as spans of the message: one pass over the lines that begin with `--`.

Nothing is decoded or copied here: a part is where its content lies and what it says it is, so that bodies are decoded only
where somebody looks at them. Boundaries are looked up among those open, so that neither depth nor number of parts makes the
pass more than linear; each empty line and each boundary line is searched for once.
"""

from dataclasses import dataclass

from missent.message.content_type import PLAIN, ContentType, content_type, transfer_encoding
from missent.message.header import Field, section
from missent.message.model import Limits, Nested, Part
from missent.nouns.verdict import Skipped

_LONGEST_BOUNDARY = 250
_DIGEST = ContentType("message/rfc822", {})
_NESTED = frozenset({"message/rfc822", "message/global"})


@dataclass(slots=True)
class _Open:
    """A multipart whose end has not been seen."""

    path: str
    boundary: bytes
    kind: str
    start: int
    shadows: int | None  # the depth that had the same boundary
    children: int = 0


class Walk:
    """One walk over one message; `parts` and `skipped` are its result.

    Attributes:
        parts: leaves in order; a container that could not be opened is a leaf.
        nested: the messages within, in order.
    """

    def __init__(self, raw: bytes, limits: Limits) -> None:
        self.raw = raw
        self.limits = limits
        self.parts: list[Part] = []
        self.nested: list[Nested] = []
        self.skipped: list[Skipped] = []
        self._stack: list[_Open] = []
        self._depths: dict[bytes, int] = {}
        self._leaf: Part | None = None
        self._seen = 0

    def run(self, fields: list[Field], body: int) -> None:
        """Walk a message whose header is known."""
        self._begin("1", 0, fields, body, PLAIN)
        if self._stack:
            self._lines(body)
        self._end_leaf(len(self.raw))
        self._close(0, len(self.raw))

    def _lines(self, start: int) -> None:
        raw = self.raw
        at = start if raw.startswith(b"--", start) else raw.find(b"\n--", start) + 1
        while at > 0:
            end = raw.find(b"\n", at)
            end = len(raw) if end < 0 else end
            line = raw[at + 2 : min(end, at + _LONGEST_BOUNDARY)].rstrip(b" \t\r")
            if line in self._depths:
                self._end_leaf(before := _before(raw, at))
                self._close(self._depths[line] + 1, before)
                if not self._next_part(end + 1):
                    return
            elif line.endswith(b"--") and line[:-2] in self._depths:
                self._end_leaf(before := _before(raw, at))
                self._close(self._depths[line[:-2]], before)
            at = raw.find(b"\n--", max(end - 1, at)) + 1 if self._stack else 0

    def _next_part(self, start: int) -> bool:
        if self._seen >= self.limits.parts:
            self.skipped.append(Skipped(self._stack[-1].path, "too-many-parts"))
            return False
        container = self._stack[-1]
        container.children += 1
        path = f"{container.path}.{container.children}"
        self._header(path, start, _DIGEST if container.kind == "multipart/digest" else PLAIN)
        return True

    def _header(self, path: str, start: int, default: ContentType) -> None:
        head = self.raw[start : start + self.limits.part_header_bytes]
        read = section(head, len(head))
        fields = [Field(f.name, f.start + start, f.end + start) for f in read.fields]
        self._begin(path, start, fields, min(start + read.body, len(self.raw)), default)

    def _begin(self, path: str, head: int, fields: list[Field], body: int, default: ContentType) -> None:
        """Open a part: a multipart waits for its boundary, a nested message for its own header, the rest is a leaf."""
        self._seen += 1
        kind, encoding = self._described(fields, default)
        container = kind.kind.startswith("multipart/") or (kind.kind in _NESTED and encoding in {"", "7bit", "8bit", "binary"})
        if container and path.count(".") >= self.limits.depth:
            self.skipped.append(Skipped(path, "too-deep"))
        elif container and kind.kind in _NESTED:
            self.nested.append(Nested(path, body))
            self._header(f"{path}.1", body, PLAIN)
            return
        elif container and self._push(path, kind, body):
            return
        self._leaf = Part(path, kind.kind, body, len(self.raw), encoding, kind.get("charset"), kind.get("smime-type"), head)

    def _described(self, fields: list[Field], default: ContentType) -> tuple[ContentType, str]:
        kind, encoding = default, ""
        for field in reversed(fields):  # the first of several counts
            if field.name == b"content-type":
                kind = content_type(self.raw[field.start : field.end])
            elif field.name == b"content-transfer-encoding":
                encoding = transfer_encoding(self.raw[field.start : field.end])
        return kind, encoding

    def _push(self, path: str, kind: ContentType, start: int) -> bool:
        boundary = kind.get("boundary").encode("latin-1").rstrip(b" \t")
        if not boundary or len(boundary) > _LONGEST_BOUNDARY - 4:
            self.skipped.append(Skipped(path, "missing-boundary"))
            return False
        self._stack.append(_Open(path, boundary, kind.kind, start, self._depths.get(boundary)))
        self._depths[boundary] = len(self._stack) - 1
        if kind.kind == "multipart/encrypted":
            self.skipped.append(Skipped(path, "encrypted"))
        return True

    def _close(self, depth: int, end: int) -> None:
        """Close all but the outer `depth` containers; one in which no part began is a leaf."""
        while len(self._stack) > depth:
            closed = self._stack.pop()
            if closed.shadows is None:
                del self._depths[closed.boundary]
            else:
                self._depths[closed.boundary] = closed.shadows
            if not closed.children:
                self.skipped.append(Skipped(closed.path, "missing-boundary"))
                self.parts.append(Part(closed.path, closed.kind, closed.start, max(closed.start, end)))

    def _end_leaf(self, end: int) -> None:
        if leaf := self._leaf:
            self.parts.append(leaf.ending(max(leaf.start, end)))
            self._leaf = None


def _before(raw: bytes, at: int) -> int:
    """The line end before a boundary belongs to the boundary (RFC 2046 5.1.1)."""
    return at - 2 if raw[max(0, at - 2) : at] == b"\r\n" else max(0, at - 1)
