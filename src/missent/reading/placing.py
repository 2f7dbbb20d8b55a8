"""What a part says of itself beyond its type: file name, whether it is a file, and in which nested message it lies."""

from dataclasses import dataclass

from missent.message.content_type import INLINE, PLAIN, ContentType, content_type, disposition
from missent.message.file_names import file_name
from missent.message.header import section
from missent.message.model import Message, Part

_HEADER = 16_384


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a part stands.

    Attributes:
        name: file name, decoded; "" if it has none.
        attached: whether it is a file rather than text to be read in its place: it has a name, or says so.
        within: path of the innermost nested message it lies in; "" in the message itself.
    """

    name: str = ""
    attached: bool = False
    within: str = ""


def placed(raw: bytes, message: Message, part: Part) -> Placed:
    """Read a part's own header section for its name and disposition (RFC 2183)."""
    within = max((n.path for n in message.nested if part.path.startswith(n.path + ".")), key=len, default="")
    head = raw[part.head : min(part.start, part.head + _HEADER)]
    low = head.lower()
    if b"name=" not in low and b"name*" not in low and b"disposition" not in low and b"name =" not in low:
        return Placed(within=within)
    kind, where = _described(head)
    name = file_name(where, kind)
    return Placed(name, bool(name) or where.kind == "attachment", within)


def _described(head: bytes) -> tuple[ContentType, ContentType]:
    kind, where = PLAIN, INLINE
    for name, start, end in reversed(section(head, len(head)).fields):  # the first of several counts
        if name == b"content-type":
            kind = content_type(head[start:end])
        elif name == b"content-disposition":
            where = disposition(head[start:end])
    return kind, where
